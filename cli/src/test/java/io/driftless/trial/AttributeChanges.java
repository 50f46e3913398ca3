package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.InodeFlags;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.trial.Surroundings.NothingFitsException;
import io.driftless.trial.TreeModel.Node;

/** Random changes of what is known of an entry beside its content. Each says what it did. */
final class AttributeChanges {
  private static final int[] FLAGS = {
    InodeFlags.IMMUTABLE,
    InodeFlags.APPEND_ONLY,
    InodeFlags.NO_DUMP,
    InodeFlags.NO_ACCESS_TIME,
    InodeFlags.SYNCHRONOUS,
    InodeFlags.NO_COPY_ON_WRITE
  };
  private static final byte[] ACCESS = "system.posix_acl_access".getBytes(UTF_8);
  private static final byte[] DEFAULT = "system.posix_acl_default".getBytes(UTF_8);
  private static final byte[] CAPABILITY = "security.capability".getBytes(UTF_8);

  private final Surroundings here;

  AttributeChanges(Surroundings here) {
    this.here = here;
  }

  private static boolean isNoSymlink(Node node) {
    return !node.isRoot() && node.inode.kind != Kind.SYMLINK;
  }

  String chmod() throws NothingFitsException, LinuxException {
    Node node = here.any(AttributeChanges::isNoSymlink);
    int permissions = here.values().permissions();
    try (Directory parent = here.openParent(node)) {
      parent.chmod(node.name, permissions);
    }
    return "chmod %o %s".formatted(permissions, node);
  }

  String chown() throws NothingFitsException, LinuxException {
    Node node = here.anyBelowRoot();
    int uid = here.values().id();
    int gid = here.values().id();
    try (Directory parent = here.openParent(node)) {
      parent.chown(node.name, uid, gid);
    }
    return "chown %d:%d %s".formatted(uid, gid, node);
  }

  String setTimes() throws NothingFitsException, LinuxException {
    Node node = here.anyBelowRoot();
    long seconds = here.values().seconds();
    int nanos = here.values().nanos();
    try (Directory parent = here.openParent(node)) {
      parent.setTimes(node.name, FileTimes.modified(seconds, nanos));
    }
    return "utimes %d.%09d %s".formatted(seconds, nanos, node);
  }

  String setAccess() throws NothingFitsException, LinuxException {
    return set(here.any(AttributeChanges::isNoSymlink), ACCESS, here.values().accessControlList());
  }

  String setDefault() throws NothingFitsException, LinuxException {
    Node node = here.any(each -> each.inode.isDirectory() && !each.isRoot());
    return set(node, DEFAULT, here.values().accessControlList());
  }

  String setCapability() throws NothingFitsException, LinuxException {
    return set(here.anyFile(), CAPABILITY, here.values().capabilities());
  }

  String setAttribute() throws NothingFitsException, LinuxException {
    return set(here.anyBelowRoot(), here.values().attribute(), here.values().value());
  }

  private String set(Node node, byte[] attribute, byte[] value) throws LinuxException {
    try (Directory parent = here.openParent(node)) {
      parent.setAttribute(node.name, attribute, value);
    }
    return "set %s of %d bytes on %s".formatted(new String(attribute, UTF_8), value.length, node);
  }

  /** One of those that the entry has, lists of rights and capabilities included. */
  String removeAttribute() throws NothingFitsException, LinuxException {
    Node node = here.anyBelowRoot();
    try (Directory parent = here.openParent(node)) {
      var attributes =
          parent.attributes(node.name).stream()
              .filter(name -> !new String(name, UTF_8).startsWith("trusted.SGI_"))
              .sorted(java.util.Arrays::compare)
              .toList();
      if (attributes.isEmpty()) {
        throw new NothingFitsException();
      }
      byte[] chosen = attributes.get(here.random().nextInt(attributes.size()));
      parent.removeAttribute(node.name, chosen);
      return "remove %s from %s".formatted(new String(chosen, UTF_8), node);
    }
  }

  String changeFlags() throws NothingFitsException, LinuxException {
    Node node =
        here.any(each -> !each.isRoot() && (each.inode.isRegular() || each.inode.isDirectory()));
    return setFlags(node, node.inode.flags ^ FLAGS[here.random().nextInt(FLAGS.length)]);
  }

  /** So that the tree does not freeze as a whole. */
  String thaw() throws NothingFitsException, LinuxException {
    int frozen = InodeFlags.IMMUTABLE | InodeFlags.APPEND_ONLY;
    Node node = here.any(each -> (each.inode.flags & frozen) != 0);
    return setFlags(node, node.inode.flags & ~frozen);
  }

  private String setFlags(Node node, int flags) throws LinuxException {
    try (Directory parent = here.openParent(node);
        Fd file = parent.openForReading(node.name)) {
      file.setInodeFlags(flags | (file.inodeFlags() & ~InodeFlags.SETTABLE));
      node.inode.flags = file.inodeFlags() & InodeFlags.SETTABLE;
    }
    return "chattr %x %s".formatted(flags, node);
  }
}
