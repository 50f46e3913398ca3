package io.driftless.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Interferes with single system calls of a process, by strace. */
final class Tracer {
  /** What a shell says of a program that was killed. */
  static final int KILLED = 137;

  private Tracer() {}

  /**
   * The beginning of a command that is killed when one of its threads makes a call on a file for
   * the nth time. Whoever asks for more than the first has to see to it that one thread gets there.
   */
  static List<String> killing(String call, Path file, int nth) {
    return List.of(
        "strace",
        "-f",
        "-qqq",
        "-o",
        "/dev/null",
        "-P",
        file.toString(),
        "-e",
        "trace=" + call,
        "-e",
        "inject=%s:signal=SIGKILL:when=%d".formatted(call, nth));
  }

  /**
   * Lets calls of a running process on a file fail, until strace is closed.
   *
   * @param which of the calls of each thread: {@code 2} the second, {@code 2+} all from the second
   *     on
   */
  static Strace failing(long pid, String call, Path file, String error, String which, Path scratch)
      throws IOException {
    return Strace.attach(
        pid,
        scratch,
        Path.of("/dev/null"),
        List.of(
            "-P",
            file.toString(),
            "-e",
            "trace=" + call,
            "-e",
            "inject=%s:error=%s:when=%s".formatted(call, error, which)));
  }
}
