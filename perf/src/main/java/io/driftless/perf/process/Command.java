package io.driftless.perf.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program that runs to its end, in the C locale. Its output goes through files, not pipes. */
public record Command(List<String> words) {
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final int SAID_MAX = 2000;

  public Command {
    words = List.copyOf(words);
  }

  public static Command of(String... words) {
    return new Command(List.of(words));
  }

  /**
   * What became of it.
   *
   * @param wall from the start to the end of the process
   */
  public record Outcome(Duration wall, String output, Usage usage) {}

  /** Runs it and returns what it said on stdout. */
  public String run() throws IOException, InterruptedException {
    return run(new Meter(List.of())).output();
  }

  /**
   * Runs it while the meter watches.
   *
   * @throws IOException if it can't be started or fails; the message has what it said
   */
  public Outcome run(Meter meter) throws IOException, InterruptedException {
    Path output = Files.createTempFile("driftless-bench", ".out");
    Path errors = Files.createTempFile("driftless-bench", ".err");
    try {
      long started = System.nanoTime();
      Process process = start(output, errors);
      Usage usage = meter.watch(process, PATIENCE);
      Duration wall = Duration.ofNanos(usage.endedNanos() - started);
      requireSuccess(process, output, errors);
      return new Outcome(wall, Files.readString(output, UTF_8), usage);
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    }
  }

  private Process start(Path output, Path errors) throws IOException {
    var builder =
        new ProcessBuilder(words)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  private void requireSuccess(Process process, Path output, Path errors) throws IOException {
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s exited with %d: %s %s"
              .formatted(
                  String.join(" ", words), process.exitValue(), tailOf(errors), tailOf(output)));
    }
  }

  private static String tailOf(Path file) throws IOException {
    String said = new String(Files.readAllBytes(file), UTF_8).strip();
    return said.substring(Math.max(0, said.length() - SAID_MAX));
  }
}
