package io.driftless.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** strace, attached to a running process and all its threads until it is closed. */
final class Strace implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final Process process;

  private Strace(Process process) {
    this.process = process;
  }

  /**
   * Returns once it is attached.
   *
   * @param calls where what it sees goes
   */
  static Strace attach(long pid, Path scratch, Path calls, List<String> options)
      throws IOException {
    Path log = Files.createTempFile(scratch, "strace-", ".err");
    var command = new ArrayList<>(List.of("strace", "-f", "-o", calls.toString()));
    command.addAll(options);
    command.addAll(List.of("-p", Long.toString(pid)));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var strace = new Strace(process);
    Awaitility.await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .pollInterval(Duration.ofMillis(20))
        .failFast("strace has ended", () -> !process.isAlive())
        .until(() -> Files.readString(log).contains("attached"));
    return strace;
  }

  /** Lets the process go. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("strace does not let go");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
