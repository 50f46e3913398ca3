package io.driftless.cli.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.driftless.cli.alarm.Notice.Change;
import io.driftless.cli.config.AlarmConfig;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LagAlarmTest {
  private static final List<String> RUN = List.of("/bin/notify", "driftless");

  private final BlockingQueue<Notice> told = new LinkedBlockingQueue<>();
  private final Semaphore mayEnd = new Semaphore(0);
  private Optional<Duration> lag = Optional.of(Duration.ZERO);
  private boolean isReplicated = true;
  private final LagAlarm alarm =
      new LagAlarm(
          "web1",
          () -> List.of(volume()),
          (_, notice) -> {
            told.add(notice);
            mayEnd.acquire();
          });

  private VolumeStatus volume() {
    return new VolumeStatus(
        "www",
        "/srv/www",
        "new",
        State.CATCHING_UP,
        "",
        Instant.EPOCH,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        isReplicated
            ? Optional.of(
                new ReplicationStatus(
                    lag, 0, 0, 0, "fanotify", "", 0, Optional.empty(), Optional.empty()))
            : Optional.empty());
  }

  private void look(long lagMillis) {
    lag = Optional.of(Duration.ofMillis(lagMillis));
    alarm.look();
  }

  private Notice toldOf() throws InterruptedException {
    Notice notice = told.poll(10, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(notice).isNotNull();
    return notice;
  }

  /** Lets the program end, and whatever follows from that be seen. */
  private void end() {
    mayEnd.release();
    await().until(() -> mayEnd.availablePermits() == 0);
  }

  @Test
  void a_crossing_is_told_of_once_and_cleared_below_half() throws Exception {
    alarm.become(Optional.of(new AlarmConfig(Duration.ofSeconds(5), RUN)));
    mayEnd.release(100);
    look(5_000);
    assertThat(told).isEmpty();

    look(5_001);
    Notice raised = toldOf();
    assertThat(raised.change()).isEqualTo(Change.RAISED);
    assertThat(raised.arguments()).containsExactly("www", "raised", "5.001", "catching-up");
    assertThat(raised.environment())
        .containsEntry("DRIFTLESS_AGENT", "web1")
        .containsEntry("DRIFTLESS_LAG_SECONDS", "5.001");
    for (long still : new long[] {60_000, 3_000, 5_001, 2_501}) {
      look(still);
    }
    assertThat(told).isEmpty();

    await()
        .until(() -> {
          look(2_500);
          return !told.isEmpty();
        });
    assertThat(toldOf().change()).isEqualTo(Change.CLEARED);
    look(3_000);
    assertThat(told).isEmpty();
  }

  @Test
  void no_two_programs_run_at_a_time_and_the_outcome_is_told() throws Exception {
    alarm.become(Optional.of(new AlarmConfig(Duration.ofSeconds(5), RUN)));
    look(6_000);
    assertThat(toldOf().change()).isEqualTo(Change.RAISED);
    look(0);
    look(6_000);
    look(0);
    assertThat(told).isEmpty();

    end();

    await()
        .until(() -> {
          look(0);
          return !told.isEmpty();
        });
    assertThat(toldOf().change()).isEqualTo(Change.CLEARED);
    end();
  }

  @Test
  void lag_that_is_not_known_changes_nothing_and_the_end_of_following_clears() throws Exception {
    alarm.become(Optional.of(new AlarmConfig(Duration.ofSeconds(5), RUN)));
    mayEnd.release(100);
    lag = Optional.empty();
    alarm.look();
    assertThat(told).isEmpty();
    look(6_000);
    assertThat(toldOf().change()).isEqualTo(Change.RAISED);

    isReplicated = false;

    await()
        .until(() -> {
          alarm.look();
          return !told.isEmpty();
        });
    assertThat(toldOf().change()).isEqualTo(Change.CLEARED);
  }

  private static final Notice NOTICE =
      new Notice("web1", "www", Change.RAISED, Duration.ofSeconds(7), State.REPLICATING);

  private static Path script(Path directory, String text) throws Exception {
    Path script = directory.resolve("notify");
    Files.writeString(script, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  @Test
  void the_program_gets_words_and_environment(@TempDir Path directory) throws Exception {
    Path out = directory.resolve("out");
    Path script =
        script(
            directory,
            "for word in \"$@\"; do echo \"$word\"; done >%s; env | grep ^DRIFTLESS_V >>%s\n"
                .formatted(out, out));

    new AlarmProgram().tell(List.of(script.toString(), "a $(b)"), NOTICE);

    assertThat(Files.readAllLines(out))
        .containsExactly("a $(b)", "www", "raised", "7.000", "replicating", "DRIFTLESS_VOLUME=www");
  }

  @Test
  void a_program_that_takes_too_long_is_killed(@TempDir Path directory) throws Exception {
    Path script = script(directory, "sleep 600\n");
    long begun = System.nanoTime();

    new AlarmProgram(Duration.ofMillis(200)).tell(List.of(script.toString()), NOTICE);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            ProcessHandle.current()
                .descendants()
                .noneMatch(
                    child -> child.info().commandLine().orElse("").contains(script.toString())));
  }

  @Test
  void a_program_that_is_not_there_is_no_trouble() throws Exception {
    new AlarmProgram().tell(List.of("/nowhere/notify"), NOTICE);
  }
}
