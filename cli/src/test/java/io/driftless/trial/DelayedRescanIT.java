package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A volume comes into doubt and is passed through, while the answers of the target come late: each
 * of them only when something has changed on the source.
 *
 * <p>{@code -Ddriftless.rounds=500} asks for more of it, {@code -Ddriftless.seed=N} for the same
 * changes again.
 */
final class DelayedRescanIT {
  private static final long MEBIBYTES = 600;
  private static final int ROUNDS = Integer.getInteger("driftless.rounds", 8);
  private static final int FILES_THAT_STAY = 40;
  private static final int FIRST_CHANGES = 150;
  private static final int ROUNDS_TO_A_BARRIER = 4;
  private static final int BURST = 10;
  private static final int DELAY_MICROS_MAX = 3000;

  /** So that a walk waits for the answers to what it has offered. */
  private static final Windows NARROW = new Windows(2, 1024, 1 << 20, 1);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path scratch;

  private final long seed = Long.getLong("driftless.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, Integer> answered = new TreeMap<>();

  // Under the lock, like the tree, which two threads change in turn.
  private final Object lock = new Object();
  private Plan plan = new Plan(1, Integer.MAX_VALUE, 1);
  private int answers;

  /**
   * What happens during one rescan.
   *
   * @param first answer before which there are changes
   * @param last of them
   * @param changes before each
   */
  private record Plan(int first, int last, int changes) {}

  @BeforeEach
  void check() {
    Needs.root();
    Needs.tools("rsync", "lsattr");
  }

  @Test
  @DisplayName(
      "C52, C53, C58, C61, C62: what comes, moves and goes while the answers to a rescan are delayed at"
          + " every step")
  void names_move_while_answers_are_delayed() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4, MEBIBYTES)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      SmallFiles.fill(from, FILES_THAT_STAY, seed);
      var tree = new RandomTree(from, random, RandomTree.Told.ALL);
      tree.change(FIRST_CHANGES);
      try (var held = new HeldAnswers((message, course) -> before(message, course, tree));
          var agents = new AgentsAtHand(from, to, scratch, NARROW, held::of)) {
        agents.awaitQuiet();
        for (int round = 1; round <= ROUNDS; round++) {
          round(round, tree, agents, () -> assertThat(held.failures()).isEmpty());
        }
      }
    }
  }

  private void round(int round, RandomTree tree, AgentsAtHand agents, Runnable check)
      throws Exception {
    tree.note("round " + round);
    try {
      rescan(planOf(round), tree, agents);
      check.run();
      agents.assertEqual();
      if (round % ROUNDS_TO_A_BARRIER == 0) {
        agents.assertBarrierIsReached();
        agents.assertEqual();
      }
    } catch (AssertionError | RuntimeException e) {
      String where = "-Ddriftless.seed=%d, round %d, answers %s".formatted(seed, round, answered);
      throw new AssertionError(
          "%s%n%s%n%s".formatted(where, agents.volumeNow(), tree.history()), e);
    }
  }

  /** By turns: something before every answer, or much before a single one. */
  private Plan planOf(int round) {
    synchronized (lock) {
      if (round % 2 == 1) {
        return new Plan(1, Integer.MAX_VALUE, 1);
      }
      int step = 1 + random.nextInt(Math.max(1, answers));
      return new Plan(step, step, BURST);
    }
  }

  private void rescan(Plan next, RandomTree tree, AgentsAtHand agents) throws Exception {
    long before = agents.lastPass();
    synchronized (lock) {
      plan = next;
      answers = 0;
      tree.note(next.toString());
    }
    agents.bringIntoDoubt();
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> agents.lastPass() > before);
    agents.awaitQuiet();
  }

  private void before(Message message, @Nullable Course course, RandomTree tree)
      throws IOException, InterruptedException {
    if (course != Course.TREE) {
      return;
    }
    synchronized (lock) {
      answers++;
      if (answers >= plan.first && answers <= plan.last) {
        String kind = message.getClass().getSimpleName();
        answered.merge(kind, 1, Integer::sum);
        tree.note("before answer %d, %s".formatted(answers, kind));
        tree.change(plan.changes);
        TimeUnit.MICROSECONDS.sleep(random.nextInt(DELAY_MICROS_MAX));
      }
      if (message instanceof PassResult) {
        plan = new Plan(0, 0, 0);
      }
    }
  }
}
