package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.driftless.protocol.tree.TreePath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Waits until one of several queues has something, or somebody wakes it. One thread waits, any
 * thread wakes. Waiting blocks its thread in the kernel: a platform thread of its own.
 */
public final class Waiting implements AutoCloseable {
  private static final int EVENTFD_FLAGS = 0x80800;
  private static final int POLL_IN = 1;
  private static final int ENTRY_BYTES = 8;

  private final Fd wakeUp;

  private Waiting(Fd wakeUp) {
    this.wakeUp = wakeUp;
  }

  public static Waiting open() throws LinuxException {
    var place = new Place("eventfd", TreePath.ROOT);
    long opened = Kernel.call(Scratch.ofThisThread(), SystemCall.EVENTFD2, 0, EVENTFD_FLAGS);
    if (opened < 0) {
      throw new LinuxException(SystemCall.EVENTFD2, opened, place);
    }
    return new Waiting(new Fd((int) opened, place));
  }

  /** Waits without end. A wake-up that came since the last waiting counts. */
  public void await(List<? extends EventQueue> queues) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate((long) ENTRY_BYTES * (queues.size() + 1), 8);
      set(entries, 0, wakeUp);
      for (int i = 0; i < queues.size(); i++) {
        set(entries, i + 1, queues.get(i).fd());
      }
      Scratch scratch = Scratch.ofThisThread();
      long result =
          Kernel.call(scratch, SystemCall.PPOLL, entries.address(), queues.size() + 1, 0, 0, 8);
      if (result < 0) {
        throw new LinuxException(SystemCall.PPOLL, result, "queues of changes");
      }
      if (entries.get(JAVA_INT, 4) != 0) {
        Kernel.call(scratch, SystemCall.READ, wakeUp.number(), scratch.small(), 8);
      }
    }
  }

  private static void set(MemorySegment entries, int index, Fd fd) {
    entries.set(JAVA_INT, (long) index * ENTRY_BYTES, fd.number());
    entries.set(JAVA_INT, (long) index * ENTRY_BYTES + 4, POLL_IN);
  }

  /** Ends the waiting, or the next one. */
  public void wake() {
    Scratch scratch = Scratch.ofThisThread();
    Kernel.call(scratch, SystemCall.WRITE, wakeUp.number(), scratch.small(1, 0, 0, 0), 8);
  }

  @Override
  public void close() {
    wakeUp.close();
  }
}
