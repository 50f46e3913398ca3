package io.driftless.perf;

import io.driftless.perf.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An independent judge: rsync must find nothing that it would change.
 *
 * @param leniency options of rsync's for what need not be the same
 */
record Judge(Path source, Path target, List<String> leniency) {
  /** Files may vanish while it looks, as the temporary ones of a program that still works do. */
  private static final String BESIDE_A_WRITER = "rsync \"$@\" || [ $? = 24 ]";

  private static final int SHOWN_MAX = 10;
  private static final long POLL_MILLIS = 200;

  Judge {
    leniency = List.copyOf(leniency);
  }

  /** What tells whether a file is the same. */
  enum Sameness {
    SIZE_AND_TIME,
    CONTENT
  }

  static void requireEqual(Path source, Path target, Sameness sameness)
      throws IOException, InterruptedException {
    new Judge(source, target, List.of()).requireEqual(sameness);
  }

  void requireEqual(Sameness sameness) throws IOException, InterruptedException {
    requireNone(differences(sameness));
  }

  /** Looks again and again, until both are equal or the time is up. */
  void awaitEqual(Sameness sameness, Duration patience) throws IOException, InterruptedException {
    requireNone(differencesAfter(sameness, patience));
  }

  /** One line for each entry that still differs when the time is up. */
  List<String> differencesAfter(Sameness sameness, Duration patience)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> differences = differences(sameness);
    while (!differences.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
      differences = differences(sameness);
    }
    return differences;
  }

  private List<String> differences(Sameness sameness) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("sh", "-c", BESIDE_A_WRITER, "rsync"));
    words.addAll(List.of("-aHAXn", "--numeric-ids", "--delete", "-i"));
    words.addAll(leniency);
    if (sameness == Sameness.CONTENT) {
      words.add("--checksum");
    }
    words.add(source + "/");
    words.add(target + "/");
    return new Command(words).run().lines().filter(line -> !line.isBlank()).toList();
  }

  private static void requireNone(List<String> differences) throws IOException {
    if (!differences.isEmpty()) {
      throw new IOException(
          "the target differs from the source in %d entries, the first are%n%s"
              .formatted(
                  differences.size(),
                  String.join("\n", differences.stream().limit(SHOWN_MAX).toList())));
    }
  }
}
