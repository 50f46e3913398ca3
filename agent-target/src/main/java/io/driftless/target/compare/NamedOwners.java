package io.driftless.target.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Metadata;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * By name where both hosts know it, else by number; 0 is 0 on both. A name that isn't known here is
 * reported once and never becomes 0.
 */
public final class NamedOwners implements Owners {
  /** Stands for an owner that the source doesn't have: differs from all that it can say. */
  private static final int NOBODY_OF_THE_SOURCE = -2;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Bytes POSIX_ACL = Bytes.of("system.posix_acl_".getBytes(US_ASCII));
  private static final int ACL_HEADER_BYTES = 4;
  private static final int ACL_ENTRY_BYTES = 8;
  private static final int ACL_USER = 0x02;
  private static final int ACL_GROUP = 0x08;

  private final HostAccounts accounts;
  private final BiConsumer<OwnerKind, String> unknown;
  private final Map<Integer, Integer> users = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> groups = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> usersBack = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> groupsBack = new ConcurrentHashMap<>();

  /**
   * Owners by name.
   *
   * @param unknown told of each name that this host doesn't know
   */
  public NamedOwners(HostAccounts accounts, BiConsumer<OwnerKind, String> unknown) {
    this.accounts = accounts;
    this.unknown = unknown;
    learn(OwnerKind.USER, 0, 0);
    learn(OwnerKind.GROUP, 0, 0);
  }

  /** Takes note of a name of the source; it is empty where the source has none for the number. */
  public void learn(OwnerName owner) {
    if (owner.id() == 0) {
      return;
    }
    int here = idHere(owner);
    learn(owner.kind(), owner.id(), here == 0 ? owner.id() : here);
  }

  private int idHere(OwnerName owner) {
    if (owner.name().isEmpty()) {
      return owner.id();
    }
    OptionalInt here =
        owner.kind() == OwnerKind.USER
            ? accounts.userId(owner.name())
            : accounts.groupId(owner.name());
    if (here.isEmpty()) {
      unknown.accept(owner.kind(), owner.name());
      return owner.id();
    }
    return here.getAsInt();
  }

  private synchronized void learn(OwnerKind kind, int there, int here) {
    (kind == OwnerKind.USER ? users : groups).put(there, here);
    (kind == OwnerKind.USER ? usersBack : groupsBack).put(here, there);
    notifyAll();
  }

  @Override
  public Metadata toTarget(Metadata ofSource) {
    return translated(ofSource, users, groups, false);
  }

  @Override
  public Metadata toSource(Metadata ofTarget) {
    return translated(ofTarget, usersBack, groupsBack, true);
  }

  private Metadata translated(
      Metadata from, Map<Integer, Integer> userIds, Map<Integer, Integer> groupIds, boolean back) {
    List<Attribute> attributes = from.attributes();
    if (attributes.stream().anyMatch(attribute -> attribute.name().startsWith(POSIX_ACL))) {
      var mapped = new ArrayList<Attribute>(attributes.size());
      for (Attribute attribute : attributes) {
        mapped.add(
            attribute.name().startsWith(POSIX_ACL)
                ? translated(attribute, userIds, groupIds, back)
                : attribute);
      }
      attributes = mapped;
    }
    return from.withOwners(
        id(from.owner(), userIds, users, back),
        id(from.group(), groupIds, groups, back),
        attributes);
  }

  private int id(int id, Map<Integer, Integer> ids, Map<Integer, Integer> named, boolean back) {
    Integer mapped = back ? ids.get(id) : awaited(id, ids);
    if (mapped != null) {
      return mapped;
    }
    // A number that is somebody else's there must not look equal.
    return back && named.containsKey(id) ? NOBODY_OF_THE_SOURCE : id;
  }

  /** Names come on another lane than the entries that need them, and may be overtaken. */
  private @Nullable Integer awaited(int id, Map<Integer, Integer> ids) {
    Integer known = ids.get(id);
    return known != null ? known : awaitName(id, ids);
  }

  private synchronized @Nullable Integer awaitName(int id, Map<Integer, Integer> ids) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!ids.containsKey(id) && System.nanoTime() < deadline) {
        wait(PATIENCE.toMillis() / 10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ids.get(id);
  }

  /** {@code version u32, { tag u16, permissions u16, id u32 }*}, little-endian. */
  private Attribute translated(
      Attribute acl, Map<Integer, Integer> userIds, Map<Integer, Integer> groupIds, boolean back) {
    byte[] value = acl.value().toBytes();
    ByteBuffer entries = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = ACL_HEADER_BYTES; at + ACL_ENTRY_BYTES <= value.length; at += ACL_ENTRY_BYTES) {
      int tag = entries.getShort(at);
      int id = entries.getInt(at + 4);
      if (tag == ACL_USER) {
        entries.putInt(at + 4, id(id, userIds, users, back));
      } else if (tag == ACL_GROUP) {
        entries.putInt(at + 4, id(id, groupIds, groups, back));
      }
    }
    return new Attribute(acl.name(), Bytes.owning(value));
  }
}
