package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Kind;

/**
 * What {@code statx} tells of an inode. Immutable.
 *
 * <pre>
 * struct statx, native order
 *  0x00 mask, blksize, attributes(8)
 *  0x10 nlink, uid, gid, mode(2)
 *  0x20 ino(8), size(8), blocks(8), attributes_mask(8)
 *  0x40 atime, btime, ctime, mtime: each sec(8), nsec(4), pad(4)
 *  0x80 rdev_major, rdev_minor, dev_major, dev_minor
 *  0x90 mnt_id(8)
 * </pre>
 */
public final class FileStatus {
  static final int BYTES = 256;

  /** The basic fields, the time of birth and the mount. Kernels ignore what they don't know. */
  static final int WANTED = 0x7ff | 0x800 | 0x1000;

  private static final int BLOCK_BYTES = 512;
  private static final int HAS_BIRTH_TIME = 0x800;
  private static final int HAS_MOUNT_ID = 0x1000;
  private static final long ATTRIBUTE_MOUNT_ROOT = 0x2000;

  private final int mask;
  private final int linkCount;
  private final int uid;
  private final int gid;
  private final int mode;
  private final int specialMajor;
  private final int specialMinor;
  private final int accessNanos;
  private final int birthNanos;
  private final int changeNanos;
  private final int modifiedNanos;
  private final long attributes;
  private final long inode;
  private final long size;
  private final long blocks;
  private final long accessSeconds;
  private final long birthSeconds;
  private final long changeSeconds;
  private final long modifiedSeconds;
  private final long device;
  private final long mountId;

  /** Reads what the last call left in the thread's memory. */
  FileStatus(Scratch from) {
    this.mask = from.structInt(0x00);
    this.attributes = from.structLong(0x08);
    this.linkCount = from.structInt(0x10);
    this.uid = from.structInt(0x14);
    this.gid = from.structInt(0x18);
    this.mode = from.structShort(0x1c);
    this.inode = from.structLong(0x20);
    this.size = from.structLong(0x28);
    this.blocks = from.structLong(0x30);
    this.accessSeconds = from.structLong(0x40);
    this.accessNanos = from.structInt(0x48);
    this.birthSeconds = from.structLong(0x50);
    this.birthNanos = from.structInt(0x58);
    this.changeSeconds = from.structLong(0x60);
    this.changeNanos = from.structInt(0x68);
    this.modifiedSeconds = from.structLong(0x70);
    this.modifiedNanos = from.structInt(0x78);
    this.specialMajor = from.structInt(0x80);
    this.specialMinor = from.structInt(0x84);
    this.device = (long) from.structInt(0x88) << 32 | Integer.toUnsignedLong(from.structInt(0x8c));
    this.mountId = from.structLong(0x90);
  }

  public Kind kind() {
    return Kind.ofCode(mode >>> 12);
  }

  public boolean isDirectory() {
    return mode >>> 12 == Kind.DIRECTORY.code();
  }

  public boolean isRegular() {
    return mode >>> 12 == Kind.REGULAR.code();
  }

  public boolean isSymlink() {
    return mode >>> 12 == Kind.SYMLINK.code();
  }

  /** The twelve permission bits: set-user-id, set-group-id, sticky and three times rwx. */
  public int permissions() {
    return mode & 07777;
  }

  /** Unsigned. */
  public int uid() {
    return uid;
  }

  /** Unsigned. */
  public int gid() {
    return gid;
  }

  /** In bytes; of a symbolic link the length of its target. */
  public long size() {
    return size;
  }

  /** Allocated, in units of 512 bytes. */
  public long blocks() {
    return blocks;
  }

  public long allocatedBytes() {
    return blocks * BLOCK_BYTES;
  }

  /** Whether a file may have holes at all, without a look into it. */
  public boolean mayHaveHoles() {
    return allocatedBytes() < size();
  }

  public long inode() {
    return inode;
  }

  /** Major number in the upper, minor in the lower half. May differ after a reboot. */
  public long device() {
    return device;
  }

  /** Of a device node: which device it stands for. */
  public int specialMajor() {
    return specialMajor;
  }

  public int specialMinor() {
    return specialMinor;
  }

  /** Unsigned. */
  public int linkCount() {
    return linkCount;
  }

  public long accessSeconds() {
    return accessSeconds;
  }

  public int accessNanos() {
    return accessNanos;
  }

  public long modifiedSeconds() {
    return modifiedSeconds;
  }

  public int modifiedNanos() {
    return modifiedNanos;
  }

  /** Of the last change of content or metadata; nobody can set it. */
  public long changeSeconds() {
    return changeSeconds;
  }

  public int changeNanos() {
    return changeNanos;
  }

  public boolean hasBirthTime() {
    return (mask & HAS_BIRTH_TIME) != 0;
  }

  public long birthSeconds() {
    return birthSeconds;
  }

  public int birthNanos() {
    return birthNanos;
  }

  /** Tells whether {@link #mountId} means something: from kernel 5.8. */
  public boolean hasMountId() {
    return (mask & HAS_MOUNT_ID) != 0;
  }

  /** Which mount it was reached through. */
  public long mountId() {
    return mountId;
  }

  /** Something is mounted here, and this is the root of what is mounted. From kernel 5.8. */
  public boolean isMountRoot() {
    return (attributes & ATTRIBUTE_MOUNT_ROOT) != 0;
  }

  /** The bits {@code STATX_ATTR_*}: immutable, append, nodump and others. */
  public long attributes() {
    return attributes;
  }
}
