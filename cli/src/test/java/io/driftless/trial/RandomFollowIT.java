package io.driftless.trial;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random changes that a target follows, and a judge that knows nothing of Driftless. */
final class RandomFollowIT extends TwoTrees {
  private static final long MEBIBYTES = 600;
  private static final int ROUNDS = 3;

  /** The guards hold deletions that are many for so small a tree. */
  private static final int ROUNDS_BETWEEN_PASSES = 3;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.root();
    Needs.tools("rsync", "lsattr", "chattr");
  }

  @ParameterizedTest
  @EnumSource(names = "EXT4")
  @DisplayName("C50-C53, C55, C61, C64: whatever changes, the target follows by itself")
  void whatever_changes_the_target_follows(Type type) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, MEBIBYTES)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      try (RandomTrial trial = RandomTrial.follow(program, scratch, from, to)) {
        int[] round = {0};
        trial.rounds(
            ROUNDS,
            () -> {
              if (round[0]++ % ROUNDS_BETWEEN_PASSES == 0) {
                trial.assertPassMakesEqual();
              }
              trial.changeSource();
              trial.assertFollowed();
            });
      }
    }
  }
}
