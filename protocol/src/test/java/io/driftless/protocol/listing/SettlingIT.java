package io.driftless.protocol.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @ParameterizedTest
  @EnumSource
  @DisplayName("C57: where times are fine, two changes with a look in between never look alike")
  void where_times_are_fine_no_two_states_look_alike(Type type) throws Exception {
    Needs.root();
    try (LoopFileSystem disk = LoopFileSystem.in(directory, type)) {
      Path file = Files.createFile(disk.root().resolve("file"));
      try (ConfinedRoot root = ConfinedRoot.open(disk.root().toString());
          Directory open = root.open(TreePath.ROOT);
          Fd fd = open.openForReading(Name.of("file"));
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        assumeTrue(
            FineTimes.areOf(fd), "the kernel counts ticks: " + System.getProperty("os.version"));
        long last = FileVersion.of(fd.status());
        for (int i = 0; i < 20_000; i++) {
          channel.write(ByteBuffer.wrap(new byte[] {(byte) i}), 0);
          long now = FileVersion.of(fd.status());
          assertThat(now).as("after change %d", i).isNotEqualTo(last);
          last = now;
        }
      }
    }
  }

  @Test
  void kernels_have_fine_times_from_6_13_on() {
    assertThat(FineTimes.hasThem("6.13.0-rc1")).isTrue();
    assertThat(FineTimes.hasThem("6.18.5+deb13-amd64")).isTrue();
    assertThat(FineTimes.hasThem("7.0")).isTrue();
    assertThat(FineTimes.hasThem("6.12.94+deb13-amd64")).isFalse();
    assertThat(FineTimes.hasThem("5.15.0-100-generic")).isFalse();
    assertThat(FineTimes.hasThem("")).isFalse();
  }
}
