package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Agents that have work all the time take no more and no more memory, files and threads.
 *
 * <p>{@code -Ddriftless.soakSeconds=3600} asks for an hour of it, {@code -Ddriftless.seed=N} for
 * the same random numbers again.
 */
final class SoakIT extends TwoTrees {
  private static final int SECONDS = Integer.getInteger("driftless.soakSeconds", 45);
  private static final int PAUSE_MILLIS = 300;
  private static final int FILES_THAT_STAY = 1500;
  private static final int CHUNKS = 6;

  /** Before that many of them are over, caches fill. */
  private static final int WARM_CHUNKS = 3;

  private static final long HEAP_GROWTH_KIB_MAX = 3 * 1024;
  private static final long RESIDENT_GROWTH_KIB_MAX = 48 * 1024;
  private static final long FILES_GROWTH_MAX = 5;
  private static final long THREADS_GROWTH_MAX = 5;

  /** After which one file or thread that each leaves behind would be seen. */
  private static final int ROUNDS_MIN = 2 * (int) FILES_GROWTH_MAX;

  private final long seed = Long.getLong("driftless.seed", System.currentTimeMillis());

  private int rounds;

  /** Verifications and passes that found nothing else to say. */
  private int done;

  /** What both hold at a time. */
  private record Both(Footprint source, Footprint target) {
    static Both of(TwoHosts hosts) throws IOException {
      return new Both(
          Footprint.of(hosts.sourceAgent().pid()), Footprint.of(hosts.targetAgent().pid()));
    }
  }

  @Test
  @DisplayName("changes, verifications, passes and barriers leave nothing behind in the agents")
  void what_agents_hold_does_not_grow() throws Exception {
    List<Both> seen = new ArrayList<>();
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      SmallFiles.fill(volume.from(), FILES_THAT_STAY, seed);
      volume.follow();
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        if (chunk == WARM_CHUNKS) {
          rounds = 0;
          done = 0;
        }
        work(volume, chunk);
        seen.add(Both.of(volume.hosts()));
      }
      assertThat(rounds).as("rounds").isGreaterThanOrEqualTo(ROUNDS_MIN);
      assertThat(done).as("passes that ended well, of %d rounds", rounds).isPositive();
      volume.assertBarrierMakesEqual();
      Both warm = seen.get(WARM_CHUNKS - 1);
      Both end = seen.getLast();
      assertNoGrowth("source", warm.source(), end.source());
      assertNoGrowth("target", warm.target(), end.target());
      System.out.printf("%d rounds, %d passes done: %s%n", rounds, done, seen);
    } catch (AssertionError | Exception e) {
      throw new AssertionError("-Ddriftless.seed=%d, seen: %s".formatted(seed, seen), e);
    }
  }

  private void work(FollowedVolume volume, int chunk) throws InterruptedException {
    int seconds = Math.max(1, SECONDS / CHUNKS);
    AgentControl control = volume.control();
    try (Companion writer =
        Companion.start(scratch, Churn.command(volume.from(), seed + chunk % 2, seconds))) {
      while (writer.isAlive()) {
        count(control.await(control.requestVerification(), FollowedVolume.PATIENCE));
        count(control.await(control.requestSync(), FollowedVolume.PATIENCE));
        rounds++;
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      writer.awaitSuccess(Duration.ofSeconds(10));
    }
    volume.hosts().onSource("barrier", TwoHosts.VOLUME, "--timeout", "60s").expect(0);
  }

  private void count(JsonObject report) {
    if (AgentControl.outcome(report).equals("done")) {
      done++;
    }
  }

  private static void assertNoGrowth(String agent, Footprint warm, Footprint end) {
    assertThat(end.heapKib() - warm.heapKib())
        .as("KiB on the heap of the %s that were not there before", agent)
        .isLessThan(HEAP_GROWTH_KIB_MAX);
    assertThat(end.residentKib() - warm.residentKib())
        .as("KiB of memory of the %s that were not there before", agent)
        .isLessThan(RESIDENT_GROWTH_KIB_MAX);
    assertThat(end.files() - warm.files())
        .as("open files of the %s that were not there before", agent)
        .isLessThan(FILES_GROWTH_MAX);
    assertThat(end.threads() - warm.threads())
        .as("threads of the %s that were not there before", agent)
        .isLessThan(THREADS_GROWTH_MAX);
  }
}
