package io.driftless.trial;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random changes and passes that come to grief: the pass after the next makes the trees equal. */
final class RandomTroubleIT extends TwoTrees {
  private static final long MEBIBYTES = 600;
  private static final long SMALL_MEBIBYTES = 48;
  private static final int PASS_MILLIS = 120;
  private static final int CALLS = 4;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr", "chattr", "strace");
  }

  private interface Trial {
    void run(RandomTrial trial, Path to) throws IOException, InterruptedException;
  }

  private void onTwoDisks(long targetMebibytes, Trial trial) throws Exception {
    try (LoopFileSystem there = LoopFileSystem.in(scratch, Type.EXT4, MEBIBYTES);
        LoopFileSystem here = LoopFileSystem.in(scratch, Type.EXT4, targetMebibytes)) {
      Path from = Files.createDirectory(there.root().resolve("from"));
      Path to = Files.createDirectory(here.root().resolve("to"));
      try (RandomTrial random = RandomTrial.start(program, scratch, from, to)) {
        trial.run(random, to);
      }
    }
  }

  @Test
  @DisplayName("C39, C41, C42: either agent is killed in the middle of passes; the next is exact")
  void either_agent_is_killed() throws Exception {
    onTwoDisks(MEBIBYTES, (trial, _) -> trial.rounds(4, () -> killOnce(trial)));
  }

  private static void killOnce(RandomTrial trial) throws IOException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      trial.changeSource();
    }
    boolean isSource = trial.random().nextBoolean();
    int millis = trial.random().nextInt(PASS_MILLIS);
    trial.note("kill -9 of the %s after %d ms".formatted(isSource ? "source" : "target", millis));
    TwoHosts hosts = trial.hosts();
    trial.control().requestSync();
    TimeUnit.MILLISECONDS.sleep(millis);
    if (isSource) {
      hosts.sourceAgent().kill();
      hosts.startSource();
    } else {
      hosts.targetAgent().kill();
      hosts.startTarget();
    }
    trial.assertPassMakesEqual();
  }

  @Test
  @DisplayName("C45: syncfs or fsync of the target fails now and then; the next pass is exact")
  void the_disk_of_the_target_fails() throws Exception {
    onTwoDisks(MEBIBYTES, (trial, to) -> trial.rounds(4, () -> failOnce(trial, to)));
  }

  private void failOnce(RandomTrial trial, Path to) throws IOException {
    trial.changeSource();
    trial.changeSource();
    String which = Integer.toString(1 + trial.random().nextInt(CALLS));
    trial.note("EIO, call " + which);
    long pid = trial.hosts().targetAgent().pid();
    try (var tracer = Tracer.failing(pid, "syncfs,fsync", to, "EIO", which, scratch)) {
      trial.control().await(trial.control().requestSync(), Duration.ofSeconds(60));
    }
    trial.assertPassMakesEqual();
  }

  @Test
  @DisplayName("C45, B23: the target's file system is full; once there is room the pass is exact")
  void the_file_system_of_the_target_is_full() throws Exception {
    onTwoDisks(SMALL_MEBIBYTES, (trial, to) -> trial.rounds(3, () -> fillOnce(trial, to)));
  }

  private static void fillOnce(RandomTrial trial, Path to) throws IOException {
    for (int i = 0; i < 3; i++) {
      trial.changeSource();
    }
    Path ballast = to.resolveSibling("ballast");
    int left = trial.random().nextInt(400);
    new Shell(to)
        .run(
            "bash",
            "-c",
            "free=$(($(stat -f -c %%a .) - %d)); [ $free -gt 0 ] && fallocate -l $((free * 4096)) ../ballast"
                .formatted(left));
    trial.note("%d blocks are left on the target".formatted(left));
    long pass = trial.control().requestSync();
    awaitObstacleOrEnd(trial, pass);
    Files.deleteIfExists(ballast);
    trial.assertMakesEqual(pass);
  }

  private static void awaitObstacleOrEnd(RandomTrial trial, long pass) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> trial.control().hasEndedOrIsBlocked(pass));
  }
}
