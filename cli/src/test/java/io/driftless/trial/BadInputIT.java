package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong at a user's desk gives one clear line and the right exit code, and loses nothing.
 */
final class BadInputIT {
  @TempDir private Path scratch;
  private Path source;
  private Path target;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    Needs.root();
    source = Files.createDirectory(scratch.resolve("source"));
    target = Files.createDirectory(scratch.resolve("target"));
    program = new Program(scratch);
  }

  @AfterEach
  void cleanUp() {
    program.close();
  }

  @Test
  void a_source_that_does_not_exist_is_named() {
    refused(
        program.run("copy", scratch.resolve("nowhere").toString(), target.toString()),
        2,
        "nowhere");
  }

  @Test
  void a_target_root_of_the_running_system_is_refused() {
    Program.Run run =
        program.run(
            "--home",
            scratch.resolve("h").toString(),
            "target",
            "init",
            "--listen",
            ":7440",
            "--volume",
            "x=/etc");
    refused(run, 4, "target-root");
  }

  @Test
  void a_target_root_that_is_a_file_is_refused() throws IOException {
    Path file = Files.writeString(scratch.resolve("file"), "x");
    Program.Run run =
        program.run(
            "--home",
            scratch.resolve("h").toString(),
            "target",
            "init",
            "--listen",
            ":7440",
            "--volume",
            "x=" + file);
    refused(run, 2, "not a directory");
  }

  @Test
  void a_cut_token_and_a_reused_one_are_told_apart() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      String token =
          hosts.onTarget("target", "invite", "--volume", TwoHosts.VOLUME).expect(0).out().strip();
      String third = scratch.resolve("h3").toString();
      String volume = TwoHosts.VOLUME + "=" + source;

      refused(
          program.run(
              "--home",
              third,
              "source",
              "join",
              token.substring(0, token.length() - 9),
              "--volume",
              volume),
          5,
          "token-cut");
      program
          .run("--home", third, "source", "join", token, "--name", "third", "--volume", volume)
          .expect(0);
      Program.Run again =
          program.run(
              "--home",
              scratch.resolve("h4").toString(),
              "source",
              "join",
              token,
              "--name",
              "fourth",
              "--volume",
              volume);

      assertThat(again.exitCode()).as(again.err()).isIn(3, 5);
      assertThat(again.err()).contains("token-used").hasLineCount(1);
    }
  }

  @Test
  void a_second_agent_on_the_same_home_is_refused() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      refused(hosts.onSource("source", "run"), 5, "home-in-use");
    }
  }

  @Test
  void an_unknown_key_names_file_line_and_the_likely_key() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Path config = hosts.sourceHome().resolve("agent.toml");
      Files.writeString(config, "lanse = 3\n" + Files.readString(config));

      Program.Run run = hosts.onSource("config", "check").expect(2);

      assertThat(run.out() + run.err()).contains("agent.toml:1").contains("lanes");
    }
  }

  @Test
  void a_target_that_is_away_is_told_and_ends_with_3() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.targetAgent().terminate();

      Program.Run run = hosts.onSource("seed", TwoHosts.VOLUME);

      assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
      assertThat(hosts.onSource("status", "--json").expect(0).out()).contains("retryAt");
      hosts.startTarget();
    }
  }

  @Test
  void no_space_blocks_the_volume_which_goes_on_by_itself_once_there_is_room() throws Exception {
    Needs.tools("rsync", "openssl");
    try (LoopFileSystem small = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4, 64)) {
      Path root = Files.createDirectory(small.root().resolve("root"));
      Path ballast = small.root().resolve("ballast");
      new Shell(scratch)
          .output(
              "bash",
              "-c",
              "head -c 30M /dev/urandom >source/large; for i in $(seq 200); do head -c 20K /dev/urandom >source/f$i; done");
      new Shell(scratch).output("bash", "-c", "head -c 35M /dev/zero >" + ballast);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, source, root)) {
        Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME, "--json");
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> hosts.onSource("status", "--json").out().contains("\"state\":\"blocked\""));
        assertThat(hosts.targetAgent().isAlive()).isTrue();

        Files.delete(ballast);

        seed.await(Duration.ofSeconds(90)).expect(0);
        assertThat(new Shell(source).output("diff", "-r", source.toString(), root.toString()))
            .isEmpty();
      }
    }
  }

  private static void refused(Program.Run run, int exitCode, String what) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("error: ").contains(what);
  }
}
