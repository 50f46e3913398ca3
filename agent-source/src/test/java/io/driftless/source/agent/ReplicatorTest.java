package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code -Ddriftless.seeds=100000} asks for more of it, {@code -Ddriftless.seed=N} for one. */
final class ReplicatorTest {
  private static final int SEEDS = Integer.getInteger("driftless.seeds", 300);
  private static final int TWICE = 30;

  @Test
  @DisplayName("C87: whatever befalls it, everything arrives, and lag tells what has not")
  void everything_arrives_in_the_end() throws Exception {
    long first = Long.getLong("driftless.seed", 1);
    for (long seed = first; seed < first + SEEDS; seed++) {
      run(seed);
    }
  }

  @Test
  @DisplayName("C87: the same seed, the same trace")
  void the_same_seed_is_the_same_trace() throws Exception {
    for (long seed = 1; seed <= TWICE; seed++) {
      assertThat(run(seed)).isEqualTo(run(seed)).hasSizeGreaterThan(100);
    }
  }

  @Test
  @DisplayName("C59: where nothing can be noticed, a pass runs every minute, and nothing else")
  void where_nothing_can_be_noticed_a_pass_runs_every_minute() throws Exception {
    var simulation = new SimulatedReplication(1, new SimulatedWatch(true));

    List<String> trace = simulation.rest(Duration.ofMinutes(30));

    assertThat(trace.stream().filter(line -> line.endsWith("pass begins")).count())
        .isBetween(20L, 32L);
    assertThat(trace).noneMatch(line -> line.contains("ship"));
    assertThat(simulation.lag()).isGreaterThan(Duration.ZERO);
  }

  private static List<String> run(long seed) throws InterruptedException {
    var simulation = new SimulatedReplication(seed, new SimulatedWatch(false));
    try {
      return simulation.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "-Ddriftless.seed=%d%n%s".formatted(seed, String.join("\n", simulation.trace())), e);
    }
  }
}
