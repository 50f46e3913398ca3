package io.driftless.protocol.message;

import java.util.List;
import java.util.UUID;

/** What opens a volume in a session. */
public sealed interface VolumeMessage extends Message {
  int MAX_NAME_BYTES = 63;

  /** The part that an agent plays for a volume, whoever dialled. */
  enum Role {
    SOURCE,
    TARGET
  }

  /** What a volume is made of. */
  enum VolumeKind {
    TREE,
    BLOCK_DEVICE
  }

  /** How owners are carried: as numbers, or by name where both hosts know it. */
  enum Owners {
    NUMERIC,
    BY_NAME
  }

  /** What a conversation about a volume may do to the target's copy. */
  enum Access {
    /** All of it; whoever had this right before loses it. */
    WRITE,
    /**
     * Nothing: it looks, beside the one that may write. It is ended by the next one that only
     * looks, and by none that writes.
     */
    READ
  }

  /** Who may write to the target's copy. */
  enum VolumeState {
    /** Follows its source. */
    REPLICA,
    /** Released for writing on the target: no source may write. */
    RELEASED,
    /** Cut over: the target is the one that serves. */
    LIVE
  }

  /**
   * What tells a root from another that is mounted in its place.
   *
   * @param fileSystem UUID of the file system, or what stands for it
   * @param inode of the root directory
   * @param inodeGeneration of the root directory, 0 where it is not known
   */
  record RootIdentity(UUID fileSystem, long inode, long inodeGeneration) {}

  /**
   * Asks for a volume; the stream of this frame becomes that of the volume.
   *
   * @param role of the sender
   * @param generation of the volume as the sender knows it, 0 if it never met it
   * @param filters exclude and include patterns in order, as configured
   */
  record OpenVolume(
      String volume,
      Role role,
      VolumeKind kind,
      Access access,
      long generation,
      RootIdentity root,
      Owners owners,
      List<String> filters)
      implements VolumeMessage {
    public static final int FILTERS_MAX = 4096;
    public static final int MAX_FILTER_BYTES = 4096;
  }

  /**
   * The volume is open for its source; whatever an earlier session with the same access had under
   * way has ended.
   *
   * @param seed of all hashes about this volume: secret of the pair, the same in every session
   * @param firstPass no pass onto this target has succeeded yet
   */
  record VolumeOpened(
      long generation, VolumeState state, long seed, Windows windows, Standing standing, Room room)
      implements VolumeMessage {}

  /** Whether a pass onto this target has succeeded before. */
  enum Standing {
    NEVER_SEEDED,
    SEEDED
  }

  /**
   * How much may be outstanding from the source.
   *
   * @param slices offered or listed, and not done
   * @param entries in these slices
   * @param streamedBytes content that was sent unasked, and is not staged
   * @param linkGroups sent and not done
   */
  record Windows(int slices, int entries, long streamedBytes, int linkGroups) {
    public Windows {
      if (slices < 1 || entries < 1 || streamedBytes < 1 || linkGroups < 1) {
        throw new IllegalArgumentException(
            "every window must be open: %d slices, %d entries, %d bytes, %d link groups"
                .formatted(slices, entries, streamedBytes, linkGroups));
      }
    }
  }

  /** What is free on the file system of the target. */
  record Room(long freeBytes, long freeInodes) {}

  /**
   * The target can't go on for want of room and looks again by itself; its content windows stay
   * shut.
   */
  record Blocked(String reason, long missingBytes, long missingInodes) implements VolumeMessage {}

  /**
   * The pass waits for others on the target, until {@link Unblocked}.
   *
   * @param place in line, counted from 1
   */
  record Queued(int place) implements VolumeMessage {}

  /** The target goes on. */
  record Unblocked() implements VolumeMessage {}

  /**
   * Names of owners that occur in the tree. From the source: where owners go by name, before the
   * first entry that needs them; else once, at the end of the walk. From the target, as the answer
   * to the latter: those that have another name there, with that name.
   */
  record OwnerNames(List<OwnerName> names) implements VolumeMessage {
    public static final int NAMES_MAX = 4096;
  }

  enum OwnerKind {
    USER,
    GROUP
  }

  record OwnerName(OwnerKind kind, int id, String name) {}

  /** Either side gives the stream up; nothing follows on it. */
  record CloseVolume(String slug, String message, String hint) implements VolumeMessage {}
}
