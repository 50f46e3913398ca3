package io.driftless.protocol.linux;

import java.lang.foreign.MemorySegment;

/**
 * A queue of the kernel that tells of changes, as fanotify and inotify have it: read without
 * blocking, and waited for with {@link Waiting}.
 *
 * <p>The kernel appends an event within the call that makes the change, before that call returns;
 * an event that is like one in the queue may be merged into it, which only makes it earlier.
 */
public abstract sealed class EventQueue implements AutoCloseable permits Fanotify, Inotify {
  private static final long FIONREAD = 0x541b;

  private final Fd fd;

  EventQueue(Fd fd) {
    this.fd = fd;
  }

  Fd fd() {
    return fd;
  }

  /**
   * Takes events out of the queue.
   *
   * @param into native memory, large enough for one event at least
   * @return bytes; 0 if there were none
   */
  public int read(MemorySegment into) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long count =
        Kernel.call(scratch, SystemCall.READ, fd.number(), into.address(), into.byteSize());
    if (Errno.EAGAIN.is(count)) {
      return 0;
    }
    if (count < 0) {
      throw new LinuxException(SystemCall.READ, count, fd);
    }
    return (int) count;
  }

  /** How much is in the queue, in units of the queue's own; whatever is appended comes later. */
  long waiting() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long into = scratch.small(0, 0, 0, 0);
    long result = Kernel.call(scratch, SystemCall.IOCTL, fd.number(), FIONREAD, into);
    if (result < 0) {
      throw new LinuxException("ioctl(FIONREAD)", result, fd);
    }
    return Integer.toUnsignedLong((int) scratch.smallLong(0));
  }

  @Override
  public void close() {
    fd.close();
  }
}
