package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One kind of entry takes the place of another. */
@DisplayName("C8: replacement of kinds")
final class ReplacementTest {
  @TempDir Path root;

  static Stream<Arguments> pairs() {
    return Arrays.stream(Kind.values())
        .flatMap(from -> Arrays.stream(Kind.values()).map(to -> Arguments.of(from, to)));
  }

  private static void put(MemoryTree tree, Kind kind, String mark) {
    switch (kind) {
      case DIRECTORY ->
          tree.directory("d/x").directory("d/x/sub").file("d/x/sub/f", mark).file("d/x/g", mark);
      case REGULAR -> tree.file("d/x", mark);
      case SYMLINK -> tree.symlink("d/x", mark);
      case FIFO, SOCKET -> tree.special("d/x", kind, 0);
      case CHARACTER_DEVICE, BLOCK_DEVICE ->
          tree.special("d/x", kind, 1L << 32 | (mark.equals("old") ? 3 : 5));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void every_kind_takes_the_place_of_every_other(Kind from, Kind to) throws Exception {
    assumeTrue(ThisProcess.has(ThisProcess.Capability.MKNOD));
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      replica.tree().directory("d");
      put(replica.tree(), from, "old");
      replica.pass();
      replica.requireEqual();

      replica.tree().remove("d/x");
      put(replica.tree(), to, "newer");
      if (from == Kind.DIRECTORY && to == Kind.DIRECTORY) {
        replica.tree().file("d/x/g", "newest");
      }
      replica.pass();

      assertThat(replica.source.reasons()).isEmpty();
      replica.requireEqual();
    }
  }

  @Test
  void a_directory_with_entries_is_kept_by_a_first_pass() throws Exception {
    Files.createDirectories(root.resolve("x/sub"));
    Files.writeString(root.resolve("x/sub/f"), "precious");
    Files.createDirectory(root.resolve("empty"));
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("x", "a file").file("empty", "goes");

      replica.pass();

      assertThat(replica.source.reasons()).containsExactly("x occupied");
      assertThat(root.resolve("x/sub/f")).hasContent("precious");
      assertThat(root.resolve("empty")).hasContent("goes");
    }
  }

  @Test
  void deletions_that_are_allowed_let_it_go() throws Exception {
    Files.createDirectories(root.resolve("x/sub/deep"));
    Files.writeString(root.resolve("x/sub/f"), "old");
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("x", "a file");
      replica.source.deletes = Deletes.ALLOWED;

      var result = replica.pass();

      assertThat(result.counters().entriesDeleted()).isEqualTo(4);
      replica.requireEqual();
    }
  }

  @Test
  void a_new_directory_finds_one_that_came_meanwhile_and_merges() throws Exception {
    try (var replica = new ReplicaHarness(root)) {
      MemoryTree tree = replica.tree();
      tree.directory("d").directory("d/e").file("d/a", "1").file("d/b", "2").file("d/e/c", "3");
      tree.mode("d", 0711).modified("d", 77, 7);
      replica.source.recordsInPart = 1;

      replica.pass();

      replica.requireEqual();
    }
  }
}
