package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What sources of the same target do to each other. */
@DisplayName("several sources of a target")
final class SeveralSourcesIT extends TwoTrees {
  private static final long SEED = 77;
  private static final int BYTES = 12 << 20;
  private static final String OTHER = "other";

  /** A further source of the target, with a volume of its own. */
  private final class FurtherSource implements AutoCloseable {
    final Path from;
    final Path to;
    final AgentControl control;
    private final Path home = scratch.resolve("sh2");
    private final Program.Running agent;

    FurtherSource(TwoHosts hosts) throws IOException {
      from = Files.createDirectory(scratch.resolve("from2"));
      to = Files.createDirectory(scratch.resolve("to2"));
      hosts.onTarget("target", "volume", "add", OTHER + "=" + to).expect(0);
      String token = hosts.onTarget("target", "invite", "--volume", OTHER).expect(0).out().strip();
      run("source", "join", token, "--name", "older", "--volume", OTHER + "=" + from).expect(0);
      agent = start("source", "run");
      control = AgentControl.ofSource(home);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(control::answers);
    }

    Program.Run run(String... arguments) {
      return program.run(TwoHosts.at(home, arguments));
    }

    Program.Running start(String... arguments) {
      return program.start(TwoHosts.at(home, arguments));
    }

    @Override
    public void close() {
      if (agent.isAlive()) {
        agent.terminate();
      }
    }
  }

  private static void fill(Path directory) throws IOException {
    byte[] bytes = new byte[BYTES];
    new SplittableRandom(SEED).nextBytes(bytes);
    Files.write(directory.resolve("large"), bytes);
  }

  private static JsonObject progress(AgentControl control) {
    return control.volume().getAsJsonObject("running").getAsJsonObject("progress");
  }

  private static long wireBytes(AgentControl control) {
    return progress(control).get("wireBytes").getAsLong();
  }

  private static void awaitTransfer(AgentControl control) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> control.volume().get("running").isJsonObject() && wireBytes(control) > 0);
  }

  private void assertBothArrive(
      Program.Running seed, Program.Running other, FurtherSource further) {
    seed.await(Program.PATIENCE).expect(0);
    other.await(Program.PATIENCE).expect(0);
    Judge.assertEqual(source, target);
    Judge.assertEqual(further.from, further.to);
  }

  @Test
  @DisplayName("C77: two sources get half of their target's limit each")
  void a_targets_limit_is_shared() throws Exception {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target);
        FurtherSource further = new FurtherSource(hosts)) {
      fill(source);
      fill(further.from);
      hosts.onTarget("throttle", "base", "24mbit").expect(0);
      AgentControl first = AgentControl.ofSource(hosts.sourceHome());
      Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
      Program.Running other = further.start("seed", OTHER);
      awaitTransfer(first);
      awaitTransfer(further.control);
      Thread.sleep(500);

      long firstBefore = wireBytes(first);
      long otherBefore = wireBytes(further.control);
      long began = System.nanoTime();
      Thread.sleep(3000);
      double firstRate = (wireBytes(first) - firstBefore) * 8e3 / (System.nanoTime() - began);
      double otherRate =
          (wireBytes(further.control) - otherBefore) * 8e3 / (System.nanoTime() - began);

      assertThat(firstRate).as("Mbit/s beside %s", otherRate).isBetween(9.0, 14.0);
      assertThat(otherRate).as("Mbit/s beside %s", firstRate).isBetween(9.0, 14.0);
      assertThat(firstRate + otherRate).isBetween(20.0, 25.2);
      hosts.onTarget("throttle", "off", "--for", "1h").expect(0);
      assertBothArrive(seed, other, further);
    }
  }

  @Test
  @DisplayName("a pass beyond the target's number waits its turn and says so")
  void passes_wait_their_turn() throws Exception {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target);
        FurtherSource further = new FurtherSource(hosts)) {
      fill(source);
      fill(further.from);
      Path additions = Files.createDirectories(hosts.targetHome().resolve("conf.d"));
      Files.writeString(additions.resolve("10-passes.toml"), "passes = 1\n");
      hosts.onTarget("reload").expect(0);
      hosts.onSource("throttle", "base", "10mbit").expect(0);
      AgentControl first = AgentControl.ofSource(hosts.sourceHome());
      Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
      awaitTransfer(first);

      Program.Running other = further.start("seed", OTHER);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> further.run("status").expect(0).out().contains("queued"));
      assertThat(further.run("status").expect(0).out()).contains("place 1 in line");
      assertThat(wireBytes(further.control)).isLessThan(10_000);
      assertThat(first.volume().get("state").getAsString()).isEqualTo("seeding");

      hosts.onSource("throttle", "off", "--for", "1h").expect(0);
      assertBothArrive(seed, other, further);
    }
  }

  @Test
  @DisplayName("the agent holds back while others have to wait for processors")
  void pressure_slows_it_down() throws Exception {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      fill(source);
      Path additions = Files.createDirectories(hosts.sourceHome().resolve("conf.d"));
      Files.writeString(additions.resolve("10-yield.toml"), "[throttle]\nyield-cpu = \"30%\"\n");
      hosts.onSource("reload").expect(0);
      int busy = 4 * Runtime.getRuntime().availableProcessors();
      String loops = "for i in $(seq %d); do timeout 20 yes >/dev/null & done; wait";
      try (Companion others =
          Companion.start(scratch, List.of("bash", "-c", loops.formatted(busy)))) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(() -> hosts.onSource("throttle").expect(0).out().contains("CPU pressure"));
        others.requireAlive();
      }
      assertThat(hosts.onSource("status").expect(0).out()).contains("of full speed");
    }
  }
}
