package io.driftless.trial;

import io.driftless.protocol.linux.DeviceNumber;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.trial.Surroundings.NothingFitsException;
import io.driftless.trial.TreeModel.Node;
import java.lang.foreign.Arena;
import java.util.Objects;

/** Random changes of which names there are and what they lead to. Each says what it did. */
final class NameChanges {
  private static final int DEPTH_MAX = 7;
  private static final Kind[] SPECIAL = {
    Kind.FIFO, Kind.SOCKET, Kind.CHARACTER_DEVICE, Kind.BLOCK_DEVICE
  };

  private final Surroundings here;

  NameChanges(Surroundings here) {
    this.here = here;
  }

  /** A place for something new; what stands there goes first, whatever it is. */
  private record Vacancy(Node directory, Name name, String former) {
    @Override
    public String toString() {
      return directory.path().resolve(name) + former;
    }
  }

  private Vacancy vacancy() throws NothingFitsException, LinuxException {
    Node directory = here.any(node -> node.inode.isDirectory() && node.depth() < DEPTH_MAX);
    Name name = here.values().name();
    Node there = here.model().child(directory, name);
    if (there == null) {
      return new Vacancy(directory, name, "");
    }
    if (there.inode.isDirectory() && !here.values().oneIn(3)) {
      throw new NothingFitsException();
    }
    removeAll(there);
    return new Vacancy(directory, name, " in place of a " + there.inode.kind);
  }

  private void removeAll(Node node) throws LinuxException {
    for (Node child : here.model().childrenOf(node)) {
      removeAll(child);
    }
    try (Directory parent = here.openParent(node)) {
      if (node.inode.isDirectory()) {
        parent.removeDirectory(node.name);
      } else {
        parent.remove(node.name);
      }
    }
    here.model().remove(node);
  }

  String createFile() throws NothingFitsException, LinuxException {
    return create(here.values().smallLength());
  }

  /** Large enough to come by delta. */
  String createLargeFile() throws NothingFitsException, LinuxException {
    return create((1 << 20) + here.random().nextInt(2 << 20));
  }

  private String create(long length) throws NothingFitsException, LinuxException {
    Vacancy place = vacancy();
    write(place.directory, place.name, length);
    here.model().add(place.directory, place.name, Kind.REGULAR);
    return "create %s of %d bytes".formatted(place, length);
  }

  private void write(Node directory, Name name, long length) throws LinuxException {
    try (Arena arena = Arena.ofConfined();
        Directory parent = here.open(directory);
        Fd file = parent.create(name, here.values().permissions())) {
      file.writeAt(0, here.values().content(arena, length));
    }
  }

  String createDirectory() throws NothingFitsException, LinuxException {
    Vacancy place = vacancy();
    try (Directory parent = here.open(place.directory)) {
      parent.makeDirectory(place.name, here.values().permissions());
    }
    here.model().add(place.directory, place.name, Kind.DIRECTORY);
    return "mkdir " + place;
  }

  String createSymlink() throws NothingFitsException, LinuxException {
    Vacancy place = vacancy();
    byte[] target =
        here.values().oneIn(4)
            ? "/etc/passwd".getBytes(java.nio.charset.StandardCharsets.UTF_8)
            : here.anyBelowRoot().path().toBytes();
    try (Directory parent = here.open(place.directory)) {
      parent.makeSymlink(place.name, target);
    }
    here.model().add(place.directory, place.name, Kind.SYMLINK);
    return "symlink " + place;
  }

  String createSpecial() throws NothingFitsException, LinuxException {
    Vacancy place = vacancy();
    Kind kind = SPECIAL[here.random().nextInt(SPECIAL.length)];
    try (Directory parent = here.open(place.directory)) {
      if (kind.isDevice()) {
        var number = new DeviceNumber(here.random().nextInt(4000), here.random().nextInt(1 << 19));
        parent.makeDevice(place.name, kind, here.values().permissions(), number);
      } else {
        parent.makeSpecial(place.name, kind, here.values().permissions());
      }
    }
    here.model().add(place.directory, place.name, kind);
    return "mknod %s %s".formatted(place, kind);
  }

  String link() throws NothingFitsException, LinuxException {
    Vacancy place = vacancy();
    Node existing = here.any(node -> !node.inode.isDirectory());
    try (Directory from = here.openParent(existing);
        Directory parent = here.open(place.directory)) {
      from.link(existing.name, parent, place.name);
    }
    here.model().link(place.directory, place.name, existing.inode);
    return "link %s as %s".formatted(existing, place);
  }

  String remove() throws NothingFitsException, LinuxException {
    Node node = here.anyBelowRoot();
    String told = "remove " + node;
    removeAll(node);
    return told;
  }

  String removeDirectory() throws NothingFitsException, LinuxException {
    Node node = here.any(each -> each.inode.isDirectory() && !each.isRoot());
    String told = "remove directory " + node;
    removeAll(node);
    return told;
  }

  /** To another place, onto whatever the kernel lets it replace. */
  String rename() throws NothingFitsException, LinuxException {
    return rename(here.anyBelowRoot());
  }

  String renameDirectory() throws NothingFitsException, LinuxException {
    return rename(here.any(node -> node.inode.isDirectory() && !node.isRoot()));
  }

  private String rename(Node node) throws NothingFitsException, LinuxException {
    Node into =
        here.any(each ->
            each.inode.isDirectory() && !each.isWithin(node) && each.depth() < DEPTH_MAX - 2);
    Name name = here.values().oneIn(3) ? node.name : here.values().name();
    Node there = here.model().child(into, name);
    if (there != null && there.inode == node.inode) {
      throw new NothingFitsException();
    }
    String told = "rename %s to %s".formatted(node, into.path().resolve(name));
    rename(node, into, name, RenameMode.REPLACE);
    here.model().move(node, into, name);
    return told;
  }

  private void rename(Node node, Node into, Name name, RenameMode mode) throws LinuxException {
    try (Directory from = here.openParent(node);
        Directory to = here.open(into)) {
      from.rename(node.name, to, name, mode);
    }
  }

  String exchange() throws NothingFitsException, LinuxException {
    Node one = here.anyBelowRoot();
    Node other = here.any(node -> !node.isRoot() && !node.isWithin(one) && !one.isWithin(node));
    String told = "exchange %s and %s".formatted(one, other);
    rename(one, other.parent, other.name, RenameMode.EXCHANGE);
    here.model().exchange(one, other);
    return told;
  }

  /** A name leaves its group, and nothing else tells: its copy has the same of everything. */
  String leaveGroup() throws NothingFitsException, LinuxException {
    Node node = here.any(each -> each.inode.isRegular() && each.inode.links > 1);
    Name fresh = freshIn(node.parent);
    try (Directory parent = here.openParent(node);
        Fd original = parent.openForReading(node.name);
        Fd copy = parent.create(fresh, 0600)) {
      here.model().add(node.parent, fresh, Kind.REGULAR);
      copy(original, copy);
    }
    return "leave the group by copy: " + replace(node, fresh);
  }

  private static void copy(Fd original, Fd copy) throws LinuxException {
    FileStatus status = original.status();
    original.copyRange(0, copy, 0, status.size());
    copy.chown(status.uid(), status.gid());
    for (byte[] attribute : original.attributes()) {
      byte[] value = original.attribute(attribute);
      if (value != null) {
        copy.setAttribute(attribute, value);
      }
    }
    copy.chmod(status.permissions());
    copy.setTimes(FileTimes.modified(status.modifiedSeconds(), status.modifiedNanos()));
  }

  /** A name for what will be renamed; nothing stays of an attempt that was refused half-way. */
  private Name freshIn(Node directory) throws NothingFitsException, LinuxException {
    Name fresh = Name.of(".saving");
    Node left = here.model().child(directory, fresh);
    if (left != null) {
      removeAll(left);
      throw new NothingFitsException();
    }
    return fresh;
  }

  private Node replace(Node node, Name fresh) throws LinuxException {
    Node made = Objects.requireNonNull(here.model().child(node.parent, fresh), "was just made");
    Name name = node.name;
    rename(made, node.parent, name, RenameMode.REPLACE);
    here.model().move(made, node.parent, name);
    return made;
  }

  /**
   * As editors save: a new file is renamed onto the old name; of a link group, that name leaves.
   */
  String saveAnew() throws NothingFitsException, LinuxException {
    Node node = here.anyFile();
    Name fresh = freshIn(node.parent);
    write(node.parent, fresh, here.values().smallLength());
    here.model().add(node.parent, fresh, Kind.REGULAR);
    return "save anew " + replace(node, fresh);
  }
}
