package io.driftless.protocol.linux;

import io.driftless.protocol.tree.TreePath;

/** An inotify instance: one queue that tells of changes in the directories that are watched. */
public final class Inotify extends EventQueue {
  public static final int MODIFY = 0x2;
  public static final int ATTRIB = 0x4;
  public static final int CLOSE_WRITE = 0x8;
  public static final int MOVED_FROM = 0x40;
  public static final int MOVED_TO = 0x80;
  public static final int CREATE = 0x100;
  public static final int DELETE = 0x200;
  public static final int DELETE_SELF = 0x400;
  public static final int OVERFLOW = 0x4000;

  /** The watch has gone, with its directory or by {@link #unwatch}. */
  public static final int IGNORED = 0x8000;

  public static final int ON_DIRECTORY = 0x4000_0000;

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int NON_BLOCKING = 0x800;
  private static final int DIRECTORY_ONLY = 0x0100_0000;
  private static final int MASK =
      MODIFY
          | ATTRIB
          | CLOSE_WRITE
          | MOVED_FROM
          | MOVED_TO
          | CREATE
          | DELETE
          | DELETE_SELF
          | DIRECTORY_ONLY;

  private Inotify(Fd fd) {
    super(fd);
  }

  /**
   * Makes an instance that watches nothing yet.
   *
   * @throws LinuxException EMFILE where the user has too many ({@code
   *     fs.inotify.max_user_instances})
   */
  public static Inotify open() throws LinuxException {
    var place = new Place("inotify", TreePath.ROOT);
    long opened =
        Kernel.call(Scratch.ofThisThread(), SystemCall.INOTIFY_INIT1, CLOSE_ON_EXEC | NON_BLOCKING);
    if (opened < 0) {
      throw new LinuxException(SystemCall.INOTIFY_INIT1, opened, place);
    }
    return new Inotify(new Fd((int) opened, place));
  }

  /**
   * Watches what is directly in a directory.
   *
   * @return the number of the watch; the same as before if the directory is watched already
   * @throws LinuxException ENOSPC where the user has too many ({@code fs.inotify.max_user_watches})
   */
  public int watch(Directory directory) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long path = scratch.descriptorPath(directory.fd().number());
    long watch = Kernel.call(scratch, SystemCall.INOTIFY_ADD_WATCH, fd().number(), path, MASK);
    if (watch < 0) {
      throw new LinuxException(SystemCall.INOTIFY_ADD_WATCH, watch, directory.place());
    }
    return (int) watch;
  }

  /** Ends a watch, which may have ended by itself. */
  public void unwatch(int watch) {
    Kernel.call(Scratch.ofThisThread(), SystemCall.INOTIFY_RM_WATCH, fd().number(), watch);
  }

  /** How many bytes are in the queue. */
  public long bytesWaiting() throws LinuxException {
    return waiting();
  }
}
