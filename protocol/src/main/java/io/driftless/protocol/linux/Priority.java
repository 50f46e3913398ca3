package io.driftless.protocol.linux;

/** How a thread stands against the other work of the host. */
public enum Priority {
  /** As the process was started. */
  NORMAL,
  /** It has the disk while nobody else wants it, and the processors after others. */
  LOW;

  private static final int NICER = 10;
  private static final int NICE_MAX = 19;
  private static final int CALLING_THREAD = 0;
  private static final int WHO_PROCESS = 1;
  private static final int PRIO_PROCESS = 0;
  private static final int CLASS_IDLE = 3 << 13;

  /*
   * A thread inherits from the one that starts it, and a pool's threads are started by whoever
   * needs them: so work that is not to wait takes up NORMAL, and a nice level that can't be taken
   * back is not taken up. The main thread never takes up anything, so it tells what is normal.
   */

  /**
   * Gives it to the calling thread, a platform thread, until it takes up another.
   *
   * @return false where some of it is not permitted; the thread goes on without that
   */
  public boolean takeUp() {
    Scratch scratch = Scratch.ofThisThread();
    long process = ProcessHandle.current().pid();
    int nice = nice(scratch, process);
    return switch (this) {
      case NORMAL -> {
        long usual = Kernel.call(scratch, SystemCall.IOPRIO_GET, WHO_PROCESS, process);
        yield setDisk(scratch, usual) & setNice(scratch, nice);
      }
      case LOW ->
          setDisk(scratch, CLASS_IDLE)
              & (ThisProcess.has(ThisProcess.Capability.SYS_NICE)
                  && setNice(scratch, Math.min(NICE_MAX, nice + NICER)));
    };
  }

  private static boolean setDisk(Scratch scratch, long value) {
    return value >= 0
        && (Kernel.call(scratch, SystemCall.IOPRIO_GET, WHO_PROCESS, CALLING_THREAD) == value
            || Kernel.call(scratch, SystemCall.IOPRIO_SET, WHO_PROCESS, CALLING_THREAD, value)
                == 0);
  }

  private static boolean setNice(Scratch scratch, int nice) {
    return nice(scratch, CALLING_THREAD) == nice
        || Kernel.call(scratch, SystemCall.SETPRIORITY, PRIO_PROCESS, CALLING_THREAD, nice) == 0;
  }

  /** The call gives 20 less the level, so that no level is an error. */
  private static int nice(Scratch scratch, long thread) {
    return 20 - (int) Kernel.call(scratch, SystemCall.GETPRIORITY, PRIO_PROCESS, thread);
  }
}
