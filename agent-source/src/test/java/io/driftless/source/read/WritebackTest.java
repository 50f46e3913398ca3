package io.driftless.source.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WritebackTest {
  @TempDir private Path directory;

  private static FileStatus status(ConfinedRoot root) throws Exception {
    try (Directory top = root.open(TreePath.ROOT)) {
      return top.status(Name.of("file"));
    }
  }

  private static Writeback begunAt(ConfinedRoot root, long millis) throws Exception {
    Writeback writeback = Writeback.begin(root, () -> Instant.ofEpochMilli(millis));
    writeback.await(Duration.ofSeconds(60));
    return writeback;
  }

  @Test
  @DisplayName("C54: a version is young if the file was changed after the last write-back began")
  void versions_are_young_after_the_last_write_back() throws Exception {
    Files.writeString(directory.resolve("file"), "x");
    try (ConfinedRoot root = ConfinedRoot.open(directory.toString())) {
      FileStatus status = status(root);
      long version = FileVersion.of(status);
      long changed = status.changeSeconds() * 1000 + status.changeNanos() / 1_000_000;

      long tooEarly = begunAt(root, changed - 1).versionOf(status);

      assertThat(begunAt(root, changed + 5000).versionOf(status)).isEqualTo(version);
      assertThat(FileVersion.isYoung(version)).isFalse();
      assertThat(tooEarly).isEqualTo(FileVersion.young(version));
      assertThat(FileVersion.plain(tooEarly)).isEqualTo(version);
    }
  }
}
