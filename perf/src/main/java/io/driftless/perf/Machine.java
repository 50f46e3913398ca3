package io.driftless.perf;

import io.driftless.perf.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a result belongs to. */
record Machine(
    String processor,
    int cores,
    String kernel,
    String java,
    String rsync,
    String openSsh,
    String commit,
    Instant date) {
  static Machine describe(Path repository) throws IOException, InterruptedException {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version") + " " + Runtime.version(),
        firstLine(Command.of("rsync", "--version").run()),
        firstLine(Command.of("bash", "-c", "ssh -V 2>&1").run()),
        commitOf(repository),
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Over the last minute. */
  static double loadAverage() throws IOException {
    return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }

  private static String processorName() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String commitOf(Path repository) throws InterruptedException {
    try {
      return Command.of("git", "-C", repository.toString(), "describe", "--always", "--dirty")
          .run()
          .strip();
    } catch (IOException e) {
      return "unknown"; // not a checkout
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip().replaceAll(" +", " ");
  }

  @Override
  public String toString() {
    return """
    %s, %d cores, %s
    Java %s; %s; %s
    Driftless %s, %s\
    """
        .formatted(processor, cores, kernel, java, rsync, openSsh, commit, date);
  }
}
