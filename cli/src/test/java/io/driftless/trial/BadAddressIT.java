package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A target that is away, or another one at its address, and an address that is taken. */
final class BadAddressIT extends TwoTrees {
  @Test
  void a_target_that_is_away_is_told_and_ends_with_3() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.targetAgent().terminate();

      Program.Run run = hosts.onSource("seed", TwoHosts.VOLUME);

      assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
      assertThat(run.err())
          .contains("error: target-unreachable: new: nobody listens at 127.0.0.1:" + hosts.port())
          .contains("stays queued and begins by itself");
      assertThat(hosts.onSource("status", "--json").expect(0).out())
          .containsPattern("\"retryAt\":\"2[^\"]+\"");

      hosts.startTarget();

      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      assertThat(hosts.onSource("history", TwoHosts.VOLUME).expect(0).out())
          .contains("done")
          .doesNotContain("failed");
    }
  }

  @Test
  void a_port_that_another_program_has_is_named() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      String third = scratch.resolve("h3").toString();
      program
          .run(
              "--home",
              third,
              "target",
              "init",
              "--listen",
              "127.0.0.1:" + hosts.port(),
              "--volume",
              "x=" + Files.createDirectory(scratch.resolve("other")))
          .expect(0);

      Program.Run run = program.run("--home", third, "target", "run");

      refused(run, 5, "port-in-use: another program listens at 127.0.0.1:" + hosts.port());
    }
  }

  @Test
  void a_target_of_another_authority_at_the_same_address_is_not_talked_to() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Files.writeString(source.resolve("file"), "secret");
      hosts.targetAgent().terminate();
      String stranger = scratch.resolve("h3").toString();
      Path taken = Files.createDirectory(scratch.resolve("other"));
      program
          .run(
              "--home",
              stranger,
              "target",
              "init",
              "--listen",
              "127.0.0.1:" + hosts.port(),
              "--volume",
              TwoHosts.VOLUME + "=" + taken)
          .expect(0);
      Program.Running agent = program.start("--home", stranger, "target", "run");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> program.run("--home", stranger, "status").exitCode() == 0);

      Program.Run run = hosts.onSource("seed", TwoHosts.VOLUME);

      refused(run, 3, "certificate is of another authority");
      assertThat(taken).isEmptyDirectory();
      agent.terminate();
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
