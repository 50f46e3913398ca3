package io.driftless.protocol.tree;

/**
 * The inode flags ({@code lsattr}) that are carried: those that an administrator sets and that mean
 * the same on every file system. Flags by which a file system describes itself (extents, inline
 * data, encrypted, verity, hashed directories) are not.
 */
public final class InodeFlags {
  public static final int SYNC = 0x0000_0008;
  public static final int IMMUTABLE = 0x0000_0010;
  public static final int APPEND = 0x0000_0020;
  public static final int NODUMP = 0x0000_0040;
  public static final int NOATIME = 0x0000_0080;
  public static final int COMPRESS = 0x0000_0004;
  public static final int JOURNAL_DATA = 0x0000_4000;
  public static final int DIRSYNC = 0x0001_0000;
  public static final int TOPDIR = 0x0002_0000;
  public static final int NOCOW = 0x0080_0000;
  public static final int PROJECT_INHERIT = 0x2000_0000;

  /** Flags that are part of an entry. */
  public static final int CARRIED =
      SYNC
          | IMMUTABLE
          | APPEND
          | NODUMP
          | NOATIME
          | COMPRESS
          | JOURNAL_DATA
          | DIRSYNC
          | TOPDIR
          | NOCOW
          | PROJECT_INHERIT;

  /** Flags that refuse every later change, so they are set last and lifted first. */
  public static final int LOCKING = IMMUTABLE | APPEND;

  private InodeFlags() {}
}
