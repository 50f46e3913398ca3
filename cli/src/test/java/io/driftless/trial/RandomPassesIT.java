package io.driftless.trial;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random changes on either side, a pass, and a judge that knows nothing of Driftless. */
final class RandomPassesIT extends TwoTrees {
  private static final long MEBIBYTES = 600;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr", "chattr");
  }

  @ParameterizedTest(name = "{0}, {1} rounds")
  @DisplayName(
      "C8, C19-C22, C34, C38, C55, C56, C66, C85: whatever changes, a pass makes the trees equal")
  @CsvSource({"EXT4, 110", "XFS, 40", "BTRFS, 40"})
  void whatever_changes_a_pass_makes_the_trees_equal(Type type, int rounds) throws Exception {
    String only = System.getProperty("driftless.filesystem", type.name());
    Assumptions.assumeTrue(type.name().equals(only));
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, MEBIBYTES)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      try (RandomTrial trial = RandomTrial.start(program, scratch, from, to)) {
        trial.rounds(
            rounds,
            () -> {
              trial.changeTarget();
              trial.changeSource();
              trial.assertPassMakesEqual();
            });
      }
    }
  }
}
