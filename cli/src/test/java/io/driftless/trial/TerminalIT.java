package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The terminal goes, the pass stays: it belongs to the agent. */
final class TerminalIT extends TwoTrees {
  @Test
  void ctrl_c_detaches_and_says_how_to_go_on() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Program.Running seed = seedThatWaits(hosts);

      signal("INT", seed.pid());

      Program.Run run = seed.await(Duration.ofSeconds(30));
      assertThat(run.exitCode()).as(run.err()).isEqualTo(130);
      assertThat(run.err())
          .contains("www goes on in the agent; driftless status shows it")
          .contains("driftless cancel www ends it");
      requireThatItGoesOn(hosts);
    }
  }

  @Test
  void a_terminal_that_goes_away_leaves_the_pass_alone() throws IOException {
    Needs.tools("script");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Files.writeString(source.resolve("file"), "x");
      hosts.targetAgent().terminate();
      String home = hosts.sourceHome().toString();
      String command = "%s --home %s seed www".formatted(Program.launcher(), home);
      Process terminal =
          new ProcessBuilder("script", "-qec", command, "/dev/null")
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .redirectErrorStream(true)
              .redirectOutput(scratch.resolve("terminal").toFile())
              .start();
      awaitWaiting(hosts);
      ProcessHandle seed =
          terminal
              .descendants()
              .filter(each -> each.children().findAny().isEmpty())
              .findFirst()
              .orElseThrow();

      terminal.destroyForcibly();

      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !seed.isAlive());
      requireThatItGoesOn(hosts);
    }
  }

  private Program.Running seedThatWaits(TwoHosts hosts) throws IOException {
    Files.writeString(source.resolve("file"), "x");
    hosts.targetAgent().terminate();
    Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
    awaitWaiting(hosts);
    return seed;
  }

  private static void awaitWaiting(TwoHosts hosts) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> hosts.onSource("status").out().contains("(pass #1 since"));
  }

  private void signal(String name, long pid) {
    new Shell(scratch).output("kill", "-" + name, Long.toString(pid));
  }

  private void requireThatItGoesOn(TwoHosts hosts) {
    hosts.startTarget();
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(target.resolve("file")).hasContent("x"));
  }
}
