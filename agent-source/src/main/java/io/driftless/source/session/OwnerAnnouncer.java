package io.driftless.source.session;

import io.driftless.protocol.linux.Accounts;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.wire.Conversation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells the target the names of owners before it meets their numbers, those in ACLs included. An
 * owner without a name on this host is told with an empty one. Thread-safe.
 */
final class OwnerAnnouncer implements Consumer<Metadata> {
  private static final Bytes ACL_PREFIX = Bytes.of("system.posix_acl_");

  /** {@code struct posix_acl_xattr_header} and {@code _entry}, little-endian. */
  private static final int ACL_HEADER_BYTES = 4;

  private static final int ACL_ENTRY_BYTES = 8;
  private static final int ACL_USER = 0x02;
  private static final int ACL_GROUP = 0x08;

  private final Conversation conversation;
  private final Set<Integer> users = new HashSet<>();
  private final Set<Integer> groups = new HashSet<>();

  OwnerAnnouncer(Conversation conversation) {
    this.conversation = conversation;
  }

  @Override
  public synchronized void accept(Metadata metadata) {
    List<OwnerName> fresh = new ArrayList<>();
    user(metadata.owner(), fresh);
    group(metadata.group(), fresh);
    for (Attribute attribute : metadata.attributes()) {
      if (attribute.name().startsWith(ACL_PREFIX)) {
        acl(attribute.value(), fresh);
      }
    }
    if (!fresh.isEmpty()) {
      // Under the lock, so that nobody sends an entry whose owner another thread is about to tell.
      conversation.send(new OwnerNames(List.copyOf(fresh)));
    }
  }

  private void user(int id, List<OwnerName> fresh) {
    if (users.add(id)) {
      fresh.add(new OwnerName(OwnerKind.USER, id, Accounts.user(id).orElse("")));
    }
  }

  private void group(int id, List<OwnerName> fresh) {
    if (groups.add(id)) {
      fresh.add(new OwnerName(OwnerKind.GROUP, id, Accounts.group(id).orElse("")));
    }
  }

  private void acl(Bytes value, List<OwnerName> fresh) {
    int at = ACL_HEADER_BYTES;
    while (at + ACL_ENTRY_BYTES <= value.length()) {
      int tag = number(value, at, 2);
      if (tag == ACL_USER) {
        user(number(value, at + 4, 4), fresh);
      } else if (tag == ACL_GROUP) {
        group(number(value, at + 4, 4), fresh);
      }
      at += ACL_ENTRY_BYTES;
    }
  }

  private static int number(Bytes bytes, int at, int length) {
    int number = 0;
    for (int i = length - 1; i >= 0; i--) {
      number = number << 8 | Byte.toUnsignedInt(bytes.at(at + i));
    }
    return number;
  }
}
