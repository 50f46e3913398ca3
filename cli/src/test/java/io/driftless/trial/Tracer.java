package io.driftless.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Interferes with single system calls of a process, by strace. */
final class Tracer implements AutoCloseable {
  /** What a shell says of a program that was killed. */
  static final int KILLED = 137;

  private final Process strace;

  private Tracer(Process strace) {
    this.strace = strace;
  }

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
   * Lets calls of a running process on a file fail, until it is closed.
   *
   * @param which of the calls of each thread: {@code 2} the second, {@code 2+} all from the second
   *     on
   */
  static Tracer failing(long pid, String call, Path file, String error, String which, Path scratch)
      throws IOException {
    Path log = Files.createTempFile(scratch, "strace-", ".err");
    Process strace =
        new ProcessBuilder(
                "strace",
                "-f",
                "-o",
                "/dev/null",
                "-P",
                file.toString(),
                "-e",
                "trace=" + call,
                "-e",
                "inject=%s:error=%s:when=%s".formatted(call, error, which),
                "-p",
                Long.toString(pid))
            .redirectError(log.toFile())
            .start();
    var tracer = new Tracer(strace);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .failFast("strace has ended", () -> !strace.isAlive())
        .until(() -> Files.readString(log).contains("attached"));
    return tracer;
  }

  /** From here on everything works again. */
  @Override
  public void close() {
    strace.destroy();
    try {
      if (!strace.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("strace does not let go");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
