package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * Two agents, and two trees that change at random between their passes. Every failure tells the
 * seed and the last changes.
 *
 * <p>{@code -Ddriftless.rounds=5000} asks for more of it, {@code -Ddriftless.seed=N} for the same
 * again.
 */
final class RandomTrial implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int FIRST_CHANGES = 80;
  private static final int CHANGES_MAX = 12;
  private static final int STRANGE_CHANGES_MAX = 4;

  private final Path from;
  private final Path to;
  private final TwoHosts hosts;
  private final long seed;
  private final Random random;
  private final RandomTree tree;
  private int round;

  private RandomTrial(Path from, Path to, TwoHosts hosts, RandomTree.Told told) {
    this.from = from;
    this.to = to;
    this.hosts = hosts;
    this.seed = Long.getLong("driftless.seed", System.nanoTime());
    this.random = new Random(seed);
    this.tree = new RandomTree(from, random, told);
  }

  /** Starts both agents and fills the source. */
  static RandomTrial start(Program program, Path scratch, Path from, Path to) throws IOException {
    return start(program, scratch, from, to, RandomTree.Told.NOT_ALL);
  }

  private static RandomTrial start(
      Program program, Path scratch, Path from, Path to, RandomTree.Told told) throws IOException {
    var trial = new RandomTrial(from, to, TwoHosts.start(program, scratch, from, to), told);
    trial.tree.change(FIRST_CHANGES);
    return trial;
  }

  /** As {@link #start}, and the target follows by itself. */
  static RandomTrial follow(Program program, Path scratch, Path from, Path to) throws IOException {
    RandomTrial trial = start(program, scratch, from, to, RandomTree.Told.ALL);
    trial.hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
    trial.control().awaitQuiet(PATIENCE);
    return trial;
  }

  /** What may go wrong in a round. */
  @FunctionalInterface
  interface Round {
    void run() throws IOException, InterruptedException;
  }

  /** As many rounds as this, unless the command line has it otherwise. */
  void rounds(int usual, Round each) throws IOException, InterruptedException {
    int rounds = Integer.getInteger("driftless.rounds", usual);
    for (round = 1; round <= rounds; round++) {
      tree.note("round " + round);
      try {
        each.run();
      } catch (AssertionError | RuntimeException e) {
        String where = "-Ddriftless.seed=%d, round %d, in %s".formatted(seed, round, from);
        throw new AssertionError(where + "\n" + e.getMessage() + "\n" + tree.history(), e);
      }
    }
  }

  TwoHosts hosts() {
    return hosts;
  }

  Random random() {
    return random;
  }

  AgentControl control() {
    return AgentControl.ofSource(hosts.sourceHome());
  }

  void changeSource() throws IOException {
    tree.change(1 + random.nextInt(CHANGES_MAX));
  }

  /** Now and then; the trees are equal before. */
  void changeTarget() throws IOException {
    if (random.nextInt(4) == 0) {
      tree.strangerIn(to).change(1 + random.nextInt(STRANGE_CHANGES_MAX));
    }
  }

  void note(String line) {
    tree.note(line);
  }

  void assertPassMakesEqual() {
    assertMakesEqual(control().requestSync());
  }

  /** Nothing is asked for: the target has to have followed, but for what a guard holds. */
  void assertFollowed() {
    if (control().awaitQuietOrHeld(PATIENCE)) {
      Judge.assertAlike(from, to);
    } else {
      note("held");
      assertPassMakesEqual();
    }
  }

  void assertMakesEqual(long pass) {
    JsonObject report = control().await(pass, PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
    try {
      Judge.assertAlike(from, to);
    } catch (AssertionError e) {
      throw new AssertionError("after " + report, e);
    }
    assertThat(to.resolve(".driftless")).doesNotExist();
  }

  @Override
  public void close() {
    hosts.close();
    for (Path root : new Path[] {from, to}) {
      new Shell(root).run("chattr", "-R", "-f", "-i", "-a", ".");
    }
  }
}
