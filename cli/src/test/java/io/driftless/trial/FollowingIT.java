package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A target that follows its source: what holds it up, what proves it, what tells of it. */
final class FollowingIT extends TwoTrees {
  private TwoHosts follow() throws IOException {
    TwoHosts hosts = TwoHosts.start(program, scratch, source, target);
    hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
    return hosts;
  }

  private void write(String name) throws IOException {
    Files.writeString(source.resolve(name), name);
  }

  private boolean hasArrived(String name) {
    return Files.exists(target.resolve(name));
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  @Test
  @DisplayName("what was written before a barrier is on the target when it ends")
  void a_barrier_proves_what_was_before_it() throws Exception {
    try (TwoHosts hosts = follow()) {
      for (int round = 0; round < 5; round++) {
        String name = "directory" + round;
        Files.createDirectory(source.resolve(name));
        for (int file = 0; file < 200; file++) {
          write(name + "/file" + file);
        }
        Program.Run barrier = hosts.onSource("barrier", TwoHosts.VOLUME);
        assertThat(barrier.expect(0).out())
            .matches("www  in sync as of [0-9-]+ [0-9:.]+ [^ ]+, proven in [0-9.]+ m?s\n");
        Judge.assertEqual(source, target);
      }
    }
  }

  @Test
  @DisplayName("C45: what could not be made durable is told of by the disk, and comes again")
  void what_could_not_be_made_durable_comes_again() throws Exception {
    Needs.root();
    Needs.tools("strace");
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      volume.follow();
      Path stage = volume.to().resolve(".driftless/stage");
      long agent = volume.hosts().targetAgent().pid();
      try (var tracer = Tracer.failing(agent, "fsync", stage, "EIO", "1", scratch)) {
        Files.writeString(volume.from().resolve("file"), "content");
        await(() -> passOf(volume) == 2);
      }
      volume.control().awaitQuiet(FollowedVolume.PATIENCE);
      Judge.assertEqual(volume.from(), volume.to());
      Files.writeString(volume.from().resolve("file"), "later content");
      volume.control().awaitQuiet(FollowedVolume.PATIENCE);
      Judge.assertEqual(volume.from(), volume.to());
      assertThat(passOf(volume)).as("nothing is in doubt any more").isEqualTo(2);
    }
  }

  private static long passOf(FollowedVolume volume) {
    return volume.control().volume().getAsJsonObject("lastPass").get("pass").getAsLong();
  }

  @Test
  @DisplayName("without replication a barrier is a pass")
  void a_barrier_without_replication_is_a_pass() throws Exception {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      write("file");
      assertThat(hosts.onSource("barrier", "--all", "--json").expect(0).out())
          .contains("\"state\":\"reached\"");
      assertThat(hasArrived("file")).isTrue();
    }
  }

  @Test
  @DisplayName("a target that is away is said by a barrier and by a check")
  void what_is_missing_is_said() throws Exception {
    try (TwoHosts hosts = follow()) {
      write("file");
      hosts.onSource("barrier").expect(0);
      assertThat(hosts.onSource("check", "--max-lag", "1h").expect(0).out())
          .startsWith("DRIFTLESS OK - www lag ")
          .contains(" | www_lag=");
      hosts.targetAgent().kill();
      write("more");

      Program.Run barrier = hosts.onSource("barrier", "--timeout", "3s");
      assertThat(barrier.expect(1).err()).startsWith("error: not-in-time: www: ").hasLineCount(1);
      await(() -> hosts.onSource("check", "--max-lag", "1h").exitCode() == 2);
      hosts.startTarget();
      hosts.onSource("barrier", "--timeout", "60s").expect(0);
      assertThat(hasArrived("more")).isTrue();
      hosts.sourceAgent().terminate();
      assertThat(hosts.onSource("check").expect(3).out()).startsWith("DRIFTLESS UNKNOWN - ");
    }
  }

  @Test
  @DisplayName("a pause holds what is shipped, not what is noticed, and outlives a restart")
  void a_pause_outlives_a_restart() throws Exception {
    try (TwoHosts hosts = follow()) {
      write("before");
      hosts.onSource("barrier").expect(0);
      hosts.onSource("pause", "--for", "2h").expect(0);
      write("paused");
      await(() -> !hosts.onSource("status", "--json").out().contains("\"dirtyEntries\":0"));
      assertThat(hosts.onSource("status").expect(0).out())
          .containsPattern("www {2}paused for 1 h 5[0-9] min")
          .contains("driftless resume www");
      hosts.sourceAgent().terminate();
      hosts.startSource();

      assertThat(hosts.onSource("status").expect(0).out())
          .containsPattern("www {2}paused for 1 h 5[0-9] min");
      assertThat(hosts.onSource("barrier").expect(4).err())
          .startsWith("error: not-possible: www: is paused until ");
      assertThat(hosts.onSource("check", "--max-lag", "1h").expect(1).out()).contains("www paused");
      assertThat(hasArrived("paused")).isFalse();
      hosts.onSource("sync").expect(0);
      assertThat(hasArrived("paused")).isTrue();

      write("later");
      assertThat(hosts.onSource("resume").expect(0).out()).isEqualTo("www  goes on\n");
      await(() -> hasArrived("later"));
      assertThat(hosts.onSource("resume").expect(0).out()).isEqualTo("www  was not paused\n");
    }
  }

  @Test
  @DisplayName("numbers and health at a port, an alarm when a volume lags")
  void numbers_and_an_alarm() throws Exception {
    Path told = scratch.resolve("told");
    Path script = scratch.resolve("notify");
    Files.writeString(
        script, "#!/bin/sh\necho \"$1 $2 $3 $DRIFTLESS_STATE\" >>%s\n".formatted(told));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    int port = TwoHosts.freePort();
    try (TwoHosts hosts = follow()) {
      Path addition = hosts.sourceHome().resolve("conf.d/10-watch.toml");
      Files.writeString(
          addition,
          """
          http = "127.0.0.1:%d"
          [alarm]
          lag = "1s"
          run = ["%s", "x"]
          """
              .formatted(port, script));
      Files.setPosixFilePermissions(addition, PosixFilePermissions.fromString("rw-------"));
      assertThat(hosts.onSource("reload").expect(2).err()).startsWith("error: restart-needed: ");
      hosts.sourceAgent().terminate();
      hosts.startSource();
      write("file");
      hosts.onSource("barrier").expect(0);

      assertThat(get(port, "/metrics").body())
          .containsPattern("driftless_lag_seconds.volume=\"www\". [0-9.E-]+\n")
          .contains("driftless_connected{peer=\"new\"} 1.0\n")
          .contains("driftless_volume_state{state=\"replicating\",volume=\"www\"} 1.0\n");
      assertThat(get(port, "/healthz").body()).isEqualTo("ok\n");
      assertThat(get(port, "/v1/status").statusCode()).isEqualTo(404);

      hosts.onSource("pause").expect(0);
      write("more");
      await(() -> linesOf(told).contains("x www raised paused"));
      hosts.onSource("resume").expect(0);
      await(() -> linesOf(told).getLast().startsWith("x www cleared "));
    }
  }

  private static List<String> linesOf(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
          BodyHandlers.ofString());
    }
  }
}
