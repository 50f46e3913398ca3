package io.driftless.protocol.linux;

import io.driftless.protocol.tree.TreePath;

/**
 * A fanotify group: one queue that tells of changes anywhere on the file systems that are marked,
 * by the handle of a directory and a name in it. Needs CAP_SYS_ADMIN.
 *
 * <p>The queue is limited ({@code fs.fanotify.max_queued_events}). Kernels before 5.17 can do less;
 * what this one can do is found by trying.
 */
public final class Fanotify extends EventQueue {
  public static final long MODIFY = 0x2;
  public static final long ATTRIB = 0x4;
  public static final long CLOSE_WRITE = 0x8;
  public static final long MOVED_FROM = 0x40;
  public static final long MOVED_TO = 0x80;
  public static final long CREATE = 0x100;
  public static final long DELETE = 0x200;
  public static final long OVERFLOW = 0x4000;
  public static final long RENAME = 0x1000_0000;
  public static final long ON_DIRECTORY = 0x4000_0000;

  /** What an event weighs in {@link #waiting}, whatever its length. */
  private static final long EVENT_WEIGHT = 24;

  private static final int CLOSE_ON_EXEC = 1;
  private static final int NON_BLOCKING = 2;
  private static final int REPORT_FID = 0x200;
  private static final int REPORT_DIRECTORY = 0x400;
  private static final int REPORT_NAME = 0x800;
  private static final int REPORT_TARGET = 0x1000;
  private static final int FLAGS =
      CLOSE_ON_EXEC | NON_BLOCKING | REPORT_FID | REPORT_DIRECTORY | REPORT_NAME;
  private static final int LARGE_FILE = Machine.IS_ARM ? 0x20000 : 0x8000;

  private static final int ADD = 0x1;
  private static final int FILE_SYSTEM = 0x100;
  private static final long ALWAYS = MODIFY | ATTRIB | CLOSE_WRITE | CREATE | DELETE | ON_DIRECTORY;

  private Fanotify(Fd fd) {
    super(fd);
  }

  /**
   * Makes a group that marks nothing yet.
   *
   * @throws LinuxException EPERM, ENOSYS or EINVAL where it can't be had: not root, or a kernel
   *     that tells no names (before 5.9); EMFILE where the user has too many groups
   */
  public static Fanotify open() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    var place = new Place("fanotify", TreePath.ROOT);
    long opened = Kernel.call(scratch, SystemCall.FANOTIFY_INIT, FLAGS | REPORT_TARGET, LARGE_FILE);
    if (Errno.EINVAL.is(opened)) {
      opened = Kernel.call(scratch, SystemCall.FANOTIFY_INIT, FLAGS, LARGE_FILE);
    }
    if (opened < 0) {
      throw new LinuxException(SystemCall.FANOTIFY_INIT, opened, place);
    }
    return new Fanotify(new Fd((int) opened, place));
  }

  /**
   * Marks the whole file system that a directory lies on. Before 5.17 a rename comes as two events.
   *
   * @throws LinuxException EPERM without the right; EOPNOTSUPP, ENODEV or EXDEV where the file
   *     system has no handles or no one id: overlayfs, FUSE, a btrfs subvolume
   */
  public void markFileSystem(Fd directory) throws LinuxException {
    long result = mark(directory, ALWAYS | RENAME);
    if (Errno.EINVAL.is(result)) {
      result = mark(directory, ALWAYS | MOVED_FROM | MOVED_TO);
    }
    if (result < 0) {
      throw new LinuxException(SystemCall.FANOTIFY_MARK, result, directory);
    }
  }

  private long mark(Fd directory, long mask) {
    return Kernel.call(
        Scratch.ofThisThread(),
        SystemCall.FANOTIFY_MARK,
        fd().number(),
        ADD | FILE_SYSTEM,
        mask,
        directory.number(),
        0);
  }

  /** How many events are in the queue. */
  public long eventsWaiting() throws LinuxException {
    return waiting() / EVENT_WEIGHT;
  }
}
