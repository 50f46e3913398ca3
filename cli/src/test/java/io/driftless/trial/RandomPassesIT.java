package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random changes on either side, a pass, and a judge that knows nothing of Driftless; over and
 * over.
 *
 * <p>{@code -Ddriftless.rounds=5000} does more of it, {@code -Ddriftless.seed=N} the same again.
 */
final class RandomPassesIT extends TwoTrees {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIRST_CHANGES = 80;
  private static final int CHANGES_MAX = 12;
  private static final int STRANGE_CHANGES_MAX = 4;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr");
  }

  @ParameterizedTest(name = "{0}, {1} rounds")
  @DisplayName("C8, C19-C22, C38, C55, C56, C85: after each pass the trees are equal, on {0}")
  @CsvSource({"EXT4, 150", "XFS, 40", "BTRFS, 40"})
  void whatever_changes_a_pass_makes_the_trees_equal(Type type, int rounds) throws Exception {
    Assumptions.assumeTrue(type.name().equals(System.getProperty("driftless.type", type.name())));
    long seed = Long.getLong("driftless.seed", System.nanoTime());
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, 600)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        var random = new Random(seed);
        var tree = new RandomTree(from, random);
        tree.change(FIRST_CHANGES);
        AgentControl source = AgentControl.ofSource(hosts.sourceHome());
        for (int round = 1; round <= Integer.getInteger("driftless.rounds", rounds); round++) {
          String where = "%s, seed %d, round %d".formatted(type, seed, round);
          tree.note("round " + round);
          round(tree, random, source, from, to, where);
        }
      } finally {
        new Shell(disk.root()).run("chattr", "-R", "-f", "-i", "-a", ".");
      }
    }
  }

  private static void round(
      RandomTree tree, Random random, AgentControl source, Path from, Path to, String where)
      throws IOException {
    if (random.nextInt(4) == 0) {
      tree.strangerIn(to).change(1 + random.nextInt(STRANGE_CHANGES_MAX));
    }
    tree.change(1 + random.nextInt(CHANGES_MAX));
    try {
      JsonObject report = source.await(source.requestSync(), PATIENCE);
      assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
      Judge.assertAlike(from, to);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(where + "\n" + tree.history(), e);
    }
  }
}
