package io.driftless.perf;

import io.driftless.perf.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An independent judge: rsync must find nothing that it would change. */
final class Judge {
  private Judge() {}

  /** What tells whether a file is the same. */
  enum Sameness {
    SIZE_AND_TIME,
    CONTENT
  }

  static void requireEqual(Path source, Path target, Sameness sameness)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("rsync", "-aHAXn", "--numeric-ids", "--delete", "-i"));
    if (sameness == Sameness.CONTENT) {
      words.add("--checksum");
    }
    words.add(source + "/");
    words.add(target + "/");
    String differences = new Command(words).run();
    if (!differences.isBlank()) {
      throw new IOException(
          "the target differs from the source in %d entries, the first are%n%s"
              .formatted(
                  differences.lines().count(),
                  String.join("\n", differences.lines().limit(10).toList())));
    }
  }
}
