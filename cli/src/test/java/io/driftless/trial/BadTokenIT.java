package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A token that is no good is told apart by its reason, and nothing is set up with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadTokenIT {
  private Path scratch;
  private Path source;
  private Program program;
  private TwoHosts hosts;

  @BeforeAll
  void prepare(@TempDir Path temporary) throws IOException {
    Needs.root();
    scratch = temporary;
    source = Files.createDirectory(scratch.resolve("source"));
    program = new Program(scratch);
    hosts =
        TwoHosts.start(program, scratch, source, Files.createDirectory(scratch.resolve("target")));
  }

  @AfterAll
  void cleanUp() {
    if (hosts != null) {
      hosts.close();
      program.close();
    }
  }

  @Test
  void every_bad_token_has_its_own_reason() {
    String token = invite();

    refused(join("a", token.substring(0, token.length() - 9)), 5, "token-cut");
    refused(
        join("b", token.substring(0, 30) + other(token.charAt(30)) + token.substring(31)),
        5,
        "token-mistyped");
    refused(join("c", "hello"), 5, "token-mistyped");
    join("d", token).expect(0);
    refused(join("e", token), 5, "token-used");
  }

  @Test
  void an_expired_token_is_refused_with_both_times() {
    String token = invite("--ttl", "1s");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> refused(join("late", token), 5, "token-expired: the token expired"));
  }

  @Test
  void a_volume_that_the_token_does_not_allow_leaves_the_token_unused() {
    String token = invite();

    refused(join("third", token, "other"), 5, "volume-not-allowed");
    join("third", token).expect(0);
  }

  @Test
  void a_volume_that_was_not_invited_is_refused_to_the_agent_that_asks_for_it() throws IOException {
    hosts.sourceAgent().terminate();
    Path config = hosts.sourceHome().resolve("agent.toml");
    Files.writeString(
        config,
        "\n[volumes.extra]\nroot = \"%s\"\ntarget = \"new\"\n".formatted(source),
        StandardOpenOption.APPEND);
    hosts.startSource();

    refused(hosts.onSource("seed", "extra"), 5, "volume-refused: extra: old may not bring");
    hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
  }

  @Test
  void a_second_source_is_held_off_and_disturbs_nothing() throws IOException {
    Files.writeString(source.resolve("file"), "x");
    hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
    join("rival", invite()).expect(0);
    String home = scratch.resolve("rival").toString();
    program.start("--home", home, "source", "run");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> program.run("--home", home, "status").exitCode() == 0);

    Program.Run run = program.run("--home", home, "seed");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
    assertThat(run.err()).contains("held-by").contains("revoke that agent on the target first");
    assertThat(hosts.onTarget("status").expect(0).out()).contains("all well");
    hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
  }

  private String invite(String... more) {
    var words = new ArrayList<>(List.of("target", "invite", "--volume", TwoHosts.VOLUME));
    words.addAll(List.of(more));
    return hosts.onTarget(words.toArray(String[]::new)).expect(0).out().strip();
  }

  private Program.Run join(String name, String token) {
    return join(name, token, TwoHosts.VOLUME);
  }

  private Program.Run join(String name, String token, String volume) {
    String home = scratch.resolve(name).toString();
    return program.run(
        "--home", home, "source", "join", token, "--name", name, "--volume", volume + "=" + source);
  }

  private static char other(char letter) {
    return letter == 'A' ? 'B' : 'A';
  }

  private static void refused(Program.Run run, int exitCode, String what) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("error: ").contains(what).hasLineCount(1);
  }
}
