package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.driftless.cli.json.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The throttle as an administrator turns it, while agents run. */
@DisplayName("the throttle")
final class ThrottleIT extends TwoTrees {
  private static final long SEED = 73;
  private static final int BYTES = 24 << 20;

  private void fill() throws IOException {
    byte[] bytes = new byte[BYTES];
    new SplittableRandom(SEED).nextBytes(bytes);
    Files.write(source.resolve("large"), bytes);
  }

  private static long wireBytes(AgentControl control) {
    return running(control).getAsJsonObject("progress").get("wireBytes").getAsLong();
  }

  private static JsonObject running(AgentControl control) {
    return control.volume().getAsJsonObject("running");
  }

  private static void awaitTransfer(AgentControl control) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> control.volume().get("running").isJsonObject() && wireBytes(control) > 0);
  }

  /** Mbit/s over a second. */
  private static double rate(AgentControl control) throws InterruptedException {
    long before = wireBytes(control);
    long begun = System.nanoTime();
    Thread.sleep(1000);
    return (wireBytes(control) - before) * 8e3 / (System.nanoTime() - begun);
  }

  @Test
  @DisplayName("C74, C76: what is set by hand holds at once for a seed that runs, up and down")
  void a_seed_is_slowed_down_stopped_and_let_go() throws Exception {
    fill();
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      assertThat(hosts.onSource("throttle", "base", "20mbit").expect(0).out())
          .startsWith("20 Mbit/s");
      Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
      awaitTransfer(control);
      Thread.sleep(300);
      assertThat(rate(control)).isBetween(16.0, 22.0);

      hosts.onSource("throttle", "set", "0", "--for", "1h").expect(0);
      Thread.sleep(300);
      assertThat(rate(control)).isLessThan(0.1);
      assertThat(hosts.onSource("status").expect(0).out())
          .contains("Throttle     0 (paused), set by hand for ");
      Program.Run barrier = hosts.onSource("barrier", TwoHosts.VOLUME);
      assertThat(barrier.exitCode()).isEqualTo(4);
      assertThat(barrier.out() + barrier.err()).contains("the throttle is at 0");

      hosts.onSource("throttle", "set", "8m/s", "--for", "1h").expect(0);
      Thread.sleep(300);
      assertThat(rate(control)).isBetween(50.0, 74.0); // 67 Mbit/s, if there is that much left
      for (String rate : List.of("1mbit", "10mbit", "0", "200kbit", "5mbit", "2m/s", "100kbit")) {
        hosts.onSource("throttle", "set", rate, "--for", "1h").expect(0);
      }
      assertThat(hosts.onSource("throttle", "off").expect(0).out())
          .startsWith("unlimited, set by hand without an end")
          .contains("note: the limit was set by hand without an end");
      assertThat(seed.await(Program.PATIENCE).expect(0).out()).contains("done");
      assertThat(hosts.onSource("throttle", "clear").expect(0).out()).startsWith("20 Mbit/s");
    }
    Judge.assertEqual(source, target);
  }

  @Test
  @DisplayName("C75: the schedule is changed while the agent runs, and what is set outlives it")
  void the_schedule_and_what_is_set_by_hand() throws Exception {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("throttle", "zone", "Europe/Berlin").expect(0);
      hosts.onSource("throttle", "base", "80mbit").expect(0);
      hosts.onSource("throttle", "schedule", "add", "mon-fri 08:00-18:00 20mbit").expect(0);
      Program.Run added =
          hosts.onSource("throttle", "schedule", "add", "daily 00:00-24:00 5mbit disk=10m/s");
      assertThat(added.expect(0).out()).contains("Mbit/s, window w");
      assertThat(hosts.onSource("throttle").expect(0).out())
          .contains("Zone         Europe/Berlin")
          .contains("w1  mon-fri 08:00-18:00")
          .contains("w2  daily");
      assertThat(hosts.onSource("throttle", "schedule", "add", "mon 20mbit", "--id", "w1").err())
          .contains("error: window-exists:");
      assertThat(hosts.onSource("throttle", "schedule", "remove", "w3").err())
          .contains("known: w1, w2");
      assertThat(hosts.onSource("throttle", "set", "20m").err())
          .contains("20m could mean two rates; write 20mbit (bits) or 20m/s (bytes)");
      assertThat(hosts.onSource("throttle", "set", "1mbit", "--until", "25:00").err())
          .contains("25:00 is no time of the clock");
      hosts.onSource("throttle", "set", "3mbit", "--until", "23:59").expect(0);

      hosts.sourceAgent().terminate();
      hosts.startSource();
      Fields throttle = throttle(hosts);
      assertThat(throttle.number("limitBitsPerSecond")).isEqualTo(3_000_000);
      assertThat(throttle.text("source")).isEqualTo("override");
      assertThat(throttle.optionalInstant("until")).isPresent();
      hosts.onSource("throttle", "clear").expect(0);
      hosts.onSource("throttle", "schedule", "remove", "w1").expect(0);
      throttle = throttle(hosts);
      assertThat(throttle.number("limitBitsPerSecond")).isEqualTo(5_000_000);
      assertThat(throttle.text("source")).isEqualTo("window");
      assertThat(throttle.text("reason")).isEqualTo("w2");
      assertThat(throttle.number("diskBytesPerSecond")).isEqualTo(10 << 20);

      hosts.onTarget("throttle", "base", "30mbit").expect(0);
      assertThat(hosts.onTarget("throttle").expect(0).out()).startsWith("30 Mbit/s");
    }
  }

  private static Fields throttle(TwoHosts hosts) {
    String json = hosts.onSource("throttle", "--json").expect(0).out();
    return new Fields(JsonParser.parseString(json).getAsJsonObject())
        .optionalFields("throttle")
        .orElseThrow();
  }

  @Test
  @DisplayName("C77: a target's limit is shared by its sources' lanes")
  void the_target_has_a_limit_of_its_own() throws Exception {
    fill();
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      hosts.onTarget("throttle", "base", "20mbit").expect(0);
      Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
      awaitTransfer(control);
      Thread.sleep(500);
      assertThat(rate(control)).isBetween(15.0, 22.0);
      hosts.onTarget("throttle", "off", "--for", "1h").expect(0);
      assertThat(seed.await(Program.PATIENCE).expect(0).out()).contains("done");
    }
  }
}
