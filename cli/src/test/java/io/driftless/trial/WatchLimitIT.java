package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** More directories than inotify may watch, where fanotify can't be had. */
final class WatchLimitIT extends TwoTrees {
  private static final int WATCHES = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration MEASURED = Duration.ofSeconds(3);

  /** There root has no right to fanotify, and few watches. */
  private static final List<String> OWN_USERS =
      List.of(
          "unshare",
          "--user",
          "--map-root-user",
          "sh",
          "-c",
          "echo %d >/proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"".formatted(WATCHES));

  @Test
  @DisplayName("C59: where the limit of watches is hit, passes find the changes, status says why")
  void beyond_the_limit_passes_find_what_changed() throws Exception {
    Needs.that(
        new Shell(scratch).run(command("true")).exitCode() == 0, "user namespaces of one's own");
    for (int i = 0; i < WATCHES - 5; i++) {
      Files.createDirectory(source.resolve("d" + i));
    }
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.sourceAgent().terminate();
      hosts.startSourceUnder(OWN_USERS);
      hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      control.awaitQuiet(PATIENCE);
      assertThat(control.volume().get("watcher").getAsString()).isEqualTo("inotify");
      Files.writeString(source.resolve("d3/noticed"), "x");
      control.awaitQuiet(PATIENCE);
      assertThat(target.resolve("d3/noticed")).exists();

      for (int i = 0; i < WATCHES; i++) {
        Files.createDirectories(source.resolve("more/e" + i));
      }
      Awaitility.await().atMost(PATIENCE).until(() -> watcher(control).equals("passes"));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> Files.exists(target.resolve("more/e" + (WATCHES - 1))));
      assertThat(reason(control)).contains("raise fs.inotify.max_user_watches");
      assertThat(hosts.onSource("status").expect(0).out())
          .contains("passes")
          .contains("raise fs.inotify.max_user_watches");
      Files.writeString(source.resolve("more/e1/unnoticed"), "x");
      hosts.onSource("barrier", TwoHosts.VOLUME).expect(0);
      Judge.assertEqual(source, target);
      assertThat(cpuTimeOf(hosts.sourceAgent().pid())).isLessThan(MEASURED.dividedBy(3));
    }
  }

  private static String[] command(String last) {
    var command = new java.util.ArrayList<>(OWN_USERS);
    command.add(last);
    return command.toArray(String[]::new);
  }

  private static String watcher(AgentControl control) {
    return control.volume().get("watcher").getAsString();
  }

  private static String reason(AgentControl control) {
    JsonObject replication = control.volume().getAsJsonObject("replication");
    return replication.get("watcherReason").getAsString();
  }

  /** What a process takes of a core's time while nothing happens. */
  private static Duration cpuTimeOf(long pid) throws IOException, InterruptedException {
    long before = ticksOf(pid);
    TimeUnit.MILLISECONDS.sleep(MEASURED.toMillis());
    return Duration.ofMillis((ticksOf(pid) - before) * 10);
  }

  /** User and system time, in hundredths of a second. */
  private static long ticksOf(long pid) throws IOException {
    String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
