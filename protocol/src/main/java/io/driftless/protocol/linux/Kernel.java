package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: {@code syscall(2)}.
 *
 * <p>One handle of one shape serves every call, which keeps the start of the program fast and gives
 * the kernel's own meaning where libc would emulate. Addresses travel as longs: they belong to the
 * calling thread's {@link Scratch} or to a buffer that the caller keeps alive.
 */
final class Kernel {
  /** "The current directory" where a call wants a directory: for absolute paths only. */
  static final int NO_DIRECTORY = -100;

  static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();

  private static final MethodHandle SYSCALL = syscallHandle();

  private Kernel() {}

  @SuppressWarnings("restricted") // the project's only native call
  private static MethodHandle syscallHandle() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }

  /**
   * Makes a call and repeats it where a signal interrupted it.
   *
   * @return the kernel's result, or the negated errno
   */
  static long call(
      Scratch scratch, SystemCall call, long a, long b, long c, long d, long e, long f) {
    long result;
    do {
      result = callOnce(scratch, call, a, b, c, d, e, f);
    } while (Errno.EINTR.is(result));
    return result;
  }

  static long call(Scratch scratch, SystemCall call, long a, long b, long c, long d, long e) {
    return call(scratch, call, a, b, c, d, e, 0);
  }

  static long call(Scratch scratch, SystemCall call, long a, long b, long c, long d) {
    return call(scratch, call, a, b, c, d, 0, 0);
  }

  static long call(Scratch scratch, SystemCall call, long a, long b, long c) {
    return call(scratch, call, a, b, c, 0, 0, 0);
  }

  static long call(Scratch scratch, SystemCall call, long a, long b) {
    return call(scratch, call, a, b, 0, 0, 0, 0);
  }

  static long call(Scratch scratch, SystemCall call, long a) {
    return call(scratch, call, a, 0, 0, 0, 0, 0);
  }

  /** Closes a descriptor. Never repeated: after EINTR the number may already be another file. */
  static long close(Scratch scratch, long number) {
    return callOnce(scratch, SystemCall.CLOSE, number, 0, 0, 0, 0, 0);
  }

  private static long callOnce(
      Scratch scratch, SystemCall call, long a, long b, long c, long d, long e, long f) {
    MemorySegment state = scratch.callState();
    try {
      long result = (long) SYSCALL.invokeExact(state, (long) call.number, a, b, c, d, e, f);
      return result == -1 ? -state.get(JAVA_INT, 0) : result;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new AssertionError("a downcall cannot throw a checked exception", failure);
    }
  }
}
