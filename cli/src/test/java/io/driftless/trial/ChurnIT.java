package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.wire.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Several processes change a volume at random, while agents are killed and every connection between
 * them is soon replaced.
 *
 * <p>{@code -Ddriftless.churnSeconds=600} asks for more of it, {@code -Ddriftless.seed=N} for the
 * same random numbers again.
 */
final class ChurnIT extends TwoTrees {
  private static final int SECONDS = Integer.getInteger("driftless.churnSeconds", 60);
  private static final int WRITERS = 3;
  private static final int LANE_BYTES_MAX = 1 << 19;

  /** So many that the deletions stay below what a guard would hold. */
  private static final int FILES_THAT_STAY = 1500;

  private final long seed = Long.getLong("driftless.seed", System.currentTimeMillis());
  private final List<String> kills = new ArrayList<>();

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    program = Program.withJavaOptions(scratch, "-Ddriftless.laneBytesMax=" + LANE_BYTES_MAX);
  }

  @Test
  @DisplayName("C56: after random churn by several processes and kills of agents, a barrier: equal")
  void whatever_happens_the_target_is_equal_after_a_barrier() throws Exception {
    int port = TwoHosts.freePort();
    try (Relay relay = Relay.to(port);
        FollowedVolume volume =
            FollowedVolume.on(
                Type.EXT4, program, scratch, new TwoHosts.Way(port, relay.address().port()))) {
      SmallFiles.fill(volume.from(), FILES_THAT_STAY, seed);
      volume.follow();
      churn(volume);
      volume.assertBarrierMakesEqual();
      assertThat(relay.passedBytes() / relay.connections())
          .as("bytes of a connection, of %d", relay.passedBytes())
          .isLessThan(8 * LANE_BYTES_MAX); // one that is replaced still brings what was under way
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("-Ddriftless.seed=%d, killed: %s".formatted(seed, kills), e);
    }
  }

  private void churn(FollowedVolume volume) throws Exception {
    List<Companion> writers = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        writers.add(Companion.start(scratch, Churn.command(volume.from(), seed + i, SECONDS)));
      }
      var random = new Random(seed);
      while (writers.stream().anyMatch(Companion::isAlive)) {
        TimeUnit.MILLISECONDS.sleep(1000 + random.nextInt(4000));
        killAndStart(volume.hosts(), random);
      }
      writers.forEach(writer -> writer.awaitSuccess(Duration.ofSeconds(10)));
    } finally {
      writers.forEach(Companion::close);
    }
  }

  private void killAndStart(TwoHosts hosts, Random random) throws InterruptedException {
    if (random.nextBoolean()) {
      kills.add("source");
      hosts.sourceAgent().kill();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      hosts.startSource();
    } else {
      kills.add("target");
      hosts.targetAgent().kill();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      hosts.startTarget();
    }
  }
}
