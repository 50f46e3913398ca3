package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong at a user's desk gives one clear line and the right exit code, and loses nothing.
 */
final class BadInputIT extends TwoTrees {
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

      for (Program.Run run :
          List.of(hosts.onSource("config", "check"), hosts.onSource("source", "run"))) {
        refused(run, 2, "agent.toml:1:1: unknown key lanse; did you mean lanes?");
      }
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
    assertThat(run.err().lines().filter(line -> !line.contains("  waiting")))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("error: ")
        .contains(what);
  }
}
