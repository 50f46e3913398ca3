package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import io.driftless.target.session.ReplicaOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the numbers of a source say of changes that are known. */
final class FollowingNumbersIT {
  private static final int EACH = 12;
  private static final int OLD_BYTES = 1500;
  private static final int NEW_BYTES = 1000;
  private static final int LARGE_BYTES = 4 << 20;
  private static final int EDITED_BYTES = 4096;

  @TempDir private Path scratch;
  private Path from;
  private Path to;

  @BeforeEach
  void fill() throws IOException {
    Needs.root();
    Needs.tools("rsync", "lsattr");
    from = Files.createDirectory(scratch.resolve("from"));
    to = Files.createDirectory(scratch.resolve("to"));
    int files = 0; // each has a size of its own, by which it is known when it is renamed
    for (String directory : new String[] {"stays", "written", "mode", "gone", "moved", "made"}) {
      Files.createDirectory(from.resolve(directory));
      for (int i = 0; i < EACH && !directory.equals("made"); i++) {
        write(directory + "/f" + i, OLD_BYTES + files++);
      }
    }
    write("large", LARGE_BYTES);
  }

  private void write(String name, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new SplittableRandom(name.hashCode() + bytes).nextBytes(content);
    Files.write(from.resolve(name), content);
  }

  @Test
  @DisplayName("C83: files, bytes, lag and dirty entries are what was done, while changes follow")
  void numbers_are_what_was_done() throws Exception {
    try (var agents =
        new AgentsAtHand(from, to, scratch, ReplicaOptions.USUAL_WINDOWS, session -> session)) {
      agents.awaitQuiet();
      Map<String, Double> before = agents.metrics();
      long files = 5L * EACH;
      long seeded = files * OLD_BYTES + files * (files - 1) / 2 + LARGE_BYTES;
      assertThat(files(before, "transferred")).isEqualTo(files + 1);
      assertThat(bytes(before, "literal")).isEqualTo(seeded);
      assertThat(bytes(before, "matched")).isZero();

      agents.pause();
      change();
      agents.awaitDirty();
      Map<String, Double> paused = agents.metrics();
      assertThat(volume(paused, "driftless_lag_seconds")).isPositive();
      assertThat(paused.get("driftless_volume_state{state=\"paused\",volume=\"www\"}"))
          .isEqualTo(1);
      assertThat(bytes(paused, "literal")).isEqualTo(seeded);
      agents.resume();
      agents.awaitQuiet();

      Map<String, Double> after = agents.metrics();
      assertIsWhatWasDone(before, after);
      agents.assertBarrierIsReached();
      agents.assertEqual();
      assertIsWhatWasDone(before, agents.metrics());
    }
  }

  private void change() throws IOException {
    for (int i = 0; i < EACH; i++) {
      write("made/f" + i, NEW_BYTES);
      write("written/f" + i, NEW_BYTES);
      Files.setPosixFilePermissions(
          from.resolve("mode/f" + i), PosixFilePermissions.fromString("rw-------"));
      Files.delete(from.resolve("gone/f" + i));
      Files.move(from.resolve("moved/f" + i), from.resolve("moved/g" + i));
    }
    try (var file = new RandomAccessFile(from.resolve("large").toFile(), "rw")) {
      file.seek(LARGE_BYTES / 2);
      file.write(new byte[EDITED_BYTES]);
    }
  }

  private static void assertIsWhatWasDone(Map<String, Double> before, Map<String, Double> after) {
    assertThat(files(after, "transferred") - files(before, "transferred")).isEqualTo(2 * EACH + 1);
    assertThat(files(after, "renamed") - files(before, "renamed")).isEqualTo(EACH);
    assertThat(files(after, "deleted") - files(before, "deleted")).isEqualTo(EACH);
    assertThat(files(after, "metadata") - files(before, "metadata"))
        .as("with or without their directories")
        .isBetween((double) EACH, EACH + 6.0);
    assertThat(files(after, "problem")).isZero();
    double literal = bytes(after, "literal") - bytes(before, "literal");
    double matched = bytes(after, "matched") - bytes(before, "matched");
    assertThat(literal + matched).isEqualTo(2.0 * EACH * NEW_BYTES + LARGE_BYTES);
    assertThat(literal)
        .isBetween(2.0 * EACH * NEW_BYTES + EDITED_BYTES, 2.0 * EACH * NEW_BYTES + LARGE_BYTES / 8);
    assertThat(volume(after, "driftless_lag_seconds")).isZero();
    assertThat(volume(after, "driftless_dirty_entries")).isZero();
    assertThat(volume(after, "driftless_problems")).isZero();
    assertThat(volume(after, "driftless_watch_overflows_total")).isZero();
    assertThat(after.get("driftless_volume_state{state=\"replicating\",volume=\"www\"}"))
        .isEqualTo(1);
  }

  private static double files(Map<String, Double> metrics, String result) {
    return metrics.getOrDefault(
        "driftless_files_total{result=\"%s\",volume=\"www\"}".formatted(result), -1.0);
  }

  private static double bytes(Map<String, Double> metrics, String kind) {
    return metrics.getOrDefault(
        "driftless_bytes_total{kind=\"%s\",volume=\"www\"}".formatted(kind), -1.0);
  }

  private static double volume(Map<String, Double> metrics, String name) {
    return metrics.getOrDefault(name + "{volume=\"www\"}", -1.0);
  }
}
