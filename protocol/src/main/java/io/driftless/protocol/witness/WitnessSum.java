package io.driftless.protocol.witness;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import io.driftless.protocol.tree.Name;
import org.jspecify.annotations.Nullable;

/**
 * The witness of one slice: the sum over its entries of name and version, in any order. Confined to
 * one thread.
 *
 * <p>Two readings with equal witnesses saw the same names, inodes, sizes, modes, owners and times.
 * Whatever was changed in between left a trace in a ctime, given that the first reading was
 * distinct: that every ctime in it had been left behind by the kernel's clock when it began.
 */
public final class WitnessSum {
  /** Stands for a subdirectory, which is only a name in the slice of its parent. */
  private static final long NAME_ONLY = 0;

  private static final long SELF = 0x5e1f_5e1f_5e1f_5e1fL;

  private final SeededHash hash;
  private final long beganMillis;
  private long sum;
  private boolean distinct = true;

  /**
   * An empty sum.
   *
   * @param hash seeded for the volume
   * @param beganMillis the wall clock before anything of the slice was read
   */
  public WitnessSum(SeededHash hash, long beganMillis) {
    this.hash = hash;
    this.beganMillis = beganMillis;
  }

  /**
   * Adds an entry that is no directory, or the directory itself.
   *
   * @param name absent for the directory itself
   */
  public void add(@Nullable Name name, FileStatus status) {
    add(hashOf(hash, name), status);
  }

  /** As {@link #add(Name, FileStatus)}, of an entry by the hash of its name. */
  public void add(long nameHash, FileStatus status) {
    distinct &= Settling.isDistinct(status, beganMillis);
    sum += mixed(nameHash, FileVersion.of(status));
  }

  /** Adds the name of a subdirectory. */
  public void addSubdirectory(Name name) {
    addSubdirectory(hash.hash64(name));
  }

  /** As {@link #addSubdirectory(Name)}, by the hash of the name. */
  public void addSubdirectory(long nameHash) {
    sum += mixed(nameHash, NAME_ONLY);
  }

  /** What one entry adds. */
  public static long of(SeededHash hash, @Nullable Name name, long version) {
    return mixed(hashOf(hash, name), version);
  }

  private static long hashOf(SeededHash hash, @Nullable Name name) {
    return name == null ? SELF : hash.hash64(name);
  }

  /** Two numbers in one, so that no change of one makes up for a change of the other. */
  public static long mixed(long one, long other) {
    long mixed =
        (one ^ Long.rotateLeft(other * 0x9E37_79B9_7F4A_7C15L, 31)) * 0xD6E8_FEB8_6659_FD93L;
    mixed = (mixed ^ mixed >>> 32 ^ other) * 0xC2B2_AE3D_27D4_EB4FL;
    return mixed ^ mixed >>> 29;
  }

  /** The witness; never 0. */
  public long value() {
    return sum == 0 ? 1 : sum;
  }

  /** Tells whether every later change makes another witness. */
  public boolean isDistinct() {
    return distinct;
  }
}
