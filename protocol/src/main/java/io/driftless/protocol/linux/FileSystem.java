package io.driftless.protocol.linux;

/**
 * What {@code fstatfs} tells of the file system that an inode lives on.
 *
 * @param type its magic number
 * @param blockBytes the unit of the two counts of blocks
 * @param blocks in all
 * @param blocksAvailable that anybody may use
 * @param inodes in all; 0 where the file system makes them as needed
 * @param inodesFree of them
 * @param nameBytesMax the longest name
 * @param id the kernel's number for it; whether it outlives a reboot depends on the file system
 */
public record FileSystem(
    long type,
    long blockBytes,
    long blocks,
    long blocksAvailable,
    long inodes,
    long inodesFree,
    long nameBytesMax,
    long id) {
  public static final long EXT4 = 0xEF53;
  public static final long XFS = 0x58465342;
  public static final long BTRFS = 0x9123683EL;
  public static final long TMPFS = 0x01021994;
  public static final long RAMFS = 0x858458f6L;
  public static final long OVERLAY = 0x794c7630;

  /** Reads a {@code struct statfs}, which has the same layout on both machines. */
  static FileSystem of(Scratch scratch) {
    return new FileSystem(
        scratch.structLong(0),
        scratch.structLong(72) == 0 ? scratch.structLong(8) : scratch.structLong(72),
        scratch.structLong(16),
        scratch.structLong(32),
        scratch.structLong(40),
        scratch.structLong(48),
        scratch.structLong(64),
        scratch.structLong(56));
  }

  /** Room that anybody may use. */
  public long bytesAvailable() {
    boolean overflows = blocksAvailable > Long.MAX_VALUE / Math.max(1, blockBytes);
    return overflows ? Long.MAX_VALUE : blocksAvailable * blockBytes;
  }

  /** Whether its files are nowhere but in memory. */
  public boolean isInMemory() {
    return type == TMPFS || type == RAMFS;
  }

  /** Whether there may be a lack of inodes at all. */
  public boolean countsInodes() {
    return inodes != 0;
  }
}
