package io.driftless.protocol.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which states can be told from the next one. */
final class SettlingIT {
  @TempDir private Path directory;

  @Test
  @DisplayName(
      "C49, C57: a state is distinct once the clock has left it behind, however it was set")
  void a_state_is_distinct_once_the_clock_has_left_it_behind() throws Exception {
    Files.writeString(directory.resolve("file"), "content");
    try (ConfinedRoot root = ConfinedRoot.open(directory.toString());
        Directory open = root.open(TreePath.ROOT)) {
      FileStatus status = open.status(Name.of("file"));
      long changed = status.changeSeconds() * 1000 + status.changeNanos() / 1_000_000;

      assertThat(Settling.isDistinct(status, changed - 100_000)).as("set back").isFalse();
      assertThat(Settling.isDistinct(status, changed - 5)).as("ahead").isFalse();
      assertThat(Settling.isDistinct(status, changed)).as("in the same tick").isFalse();
      assertThat(Settling.isDistinct(status, changed + 9)).as("a tick later").isFalse();
      assertThat(Settling.isDistinct(status, changed + 4000)).isTrue();
      boolean keepsFractions = status.changeNanos() != 0;
      assertThat(Settling.isDistinct(status, changed + 22)).isEqualTo(keepsFractions);
    }
  }
}
