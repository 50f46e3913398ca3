package io.driftless.source.scan;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts which owners occur in a volume, and how often. Thread-safe. */
public final class OwnerCensus {
  /** More are not told apart: with so many, none has a name of its own. */
  static final int OWNERS_MAX = 65_536;

  private final Map<Owner, LongAdder> owners = new ConcurrentHashMap<>();

  /** A user or a group by number. */
  public record Owner(OwnerKind kind, int id) {}

  /** An owner and the number of its entries. */
  public record Count(Owner owner, long entries) {}

  /** What one slice comes to; counted only when it is settled. Confined to one thread. */
  static final class OfSlice {
    private final Map<Integer, Long> users = new HashMap<>();
    private final Map<Integer, Long> groups = new HashMap<>();
    private int user;
    private int group;
    private long usersRun;
    private long groupsRun;

    void clear() {
      users.clear();
      groups.clear();
      usersRun = 0;
      groupsRun = 0;
    }

    /** Neighbours mostly have the same owner. */
    void add(FileStatus status) {
      if (status.uid() != user) {
        endUsers();
        user = status.uid();
      }
      if (status.gid() != group) {
        endGroups();
        group = status.gid();
      }
      usersRun++;
      groupsRun++;
    }

    private void endUsers() {
      if (usersRun > 0) {
        users.merge(user, usersRun, Long::sum);
        usersRun = 0;
      }
    }

    private void endGroups() {
      if (groupsRun > 0) {
        groups.merge(group, groupsRun, Long::sum);
        groupsRun = 0;
      }
    }
  }

  void add(OfSlice slice) {
    slice.endUsers();
    slice.endGroups();
    slice.users.forEach((id, entries) -> add(new Owner(OwnerKind.USER, id), entries));
    slice.groups.forEach((id, entries) -> add(new Owner(OwnerKind.GROUP, id), entries));
    slice.clear();
  }

  private void add(Owner owner, long entries) {
    LongAdder known = owners.get(owner);
    if (known == null && owners.size() < OWNERS_MAX) {
      known = owners.computeIfAbsent(owner, _ -> new LongAdder());
    }
    if (known != null) {
      known.add(entries);
    }
  }

  /** Those that occur most often, the most frequent first. */
  public List<Count> mostFrequent(int atMost) {
    return owners.entrySet().stream()
        .map(each -> new Count(each.getKey(), each.getValue().sum()))
        .sorted(Comparator.comparingLong(Count::entries).reversed())
        .limit(atMost)
        .toList();
  }
}
