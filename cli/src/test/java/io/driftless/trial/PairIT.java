package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two daemons with two homes, from init to a seed. */
final class PairIT extends TwoTrees {
  private static final long SEED = 20_261_102;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "getfattr", "setcap", "chattr", "lsattr", "perl");
  }

  @Test
  @DisplayName("init, invite, join, seed: the walk-through of the README")
  void a_seed_between_two_daemons_is_exact() throws IOException {
    VarietyTree.fill(source, SEED, scratch);
    try (TwoHosts hosts = TwoHosts.walkThrough(program, scratch, source, target)) {
      Program.Run seed = hosts.onSource("seed", TwoHosts.VOLUME, "--json");
      assertThat(seed.out()).as(seed.err()).contains("\"outcome\":\"done\"");
      seed.expect(0);
      Judge.assertEqual(source, target);

      assertThat(hosts.onSource("status").expect(0).out())
          .contains(TwoHosts.VOLUME)
          .contains("new");
      assertThat(hosts.onTarget("status").expect(0).out()).contains(TwoHosts.VOLUME);
      assertThat(hosts.onTarget("target", "agents").expect(0).out()).contains("old");
      assertThat(hosts.onSource("history", TwoHosts.VOLUME).expect(0).out()).contains("1");
      assertThat(hosts.onSource("problems", TwoHosts.VOLUME).exitCode()).isZero();
    } finally {
      VarietyTree.unlock(scratch);
    }
  }

  @Test
  @DisplayName(
      "C39: either agent is killed at random moments of a seed, which then ends equal, with nothing left over")
  void a_seed_survives_killed_agents() throws Exception {
    var random = new SplittableRandom(SEED);
    SmallFiles.fill(source, 10_000, SEED);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "head -c 300M /dev/zero | openssl enc -aes-128-ctr -pass pass:1 -nosalt 2>/dev/null >large");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      for (int kill = 0; kill < 5; kill++) {
        hosts.onSource("seed", TwoHosts.VOLUME, "--detach");
        Thread.sleep(random.nextInt(50, 800));
        if (random.nextBoolean()) {
          hosts.sourceAgent().kill();
          hosts.startSource();
        } else {
          hosts.targetAgent().kill();
          hosts.startTarget();
        }
      }
      Program.Run seed = hosts.onSource("seed", TwoHosts.VOLUME, "--json");
      assertThat(seed.out()).as(seed.err()).contains("\"outcome\":\"done\"");
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("a volume that is invited with its path is taken up by the running target")
  void a_further_volume_comes_by_invitation() throws IOException {
    Path from = Files.createDirectory(scratch.resolve("from"));
    Path to = Files.createDirectory(scratch.resolve("to"));
    Files.writeString(from.resolve("file"), "content");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Program.Run overlap = hosts.onTarget("target", "invite", "--volume", "in=" + target);
      assertThat(overlap.expect(4).err()).startsWith("error: target-root: ").hasLineCount(1);
      String token =
          hosts
              .onTarget("target", "invite", "--agent", "old", "--volume", "more=" + to)
              .expect(0)
              .out()
              .strip();

      Program.Run join =
          hosts.onSource("source", "join", token, "--name", "old", "--volume", "more=" + from);
      assertThat(join.expect(0).out()).contains("seed more");
      hosts.onSource("seed", "more", TwoHosts.VOLUME).expect(0);
      assertThat(to.resolve("file")).hasContent("content");
      hosts.targetAgent().terminate();
      hosts.startTarget();
      assertThat(hosts.onTarget("status").expect(0).out()).contains("more", TwoHosts.VOLUME);
      hosts.onSource("seed", "more").expect(0);
    }
  }

  @Test
  @DisplayName("volumes come and go while both agents run, and what is wrong changes nothing")
  void volumes_come_and_go() throws IOException {
    Path from = Files.createDirectory(scratch.resolve("from"));
    Path to = Files.createDirectory(scratch.resolve("to"));
    Files.writeString(from.resolve("file"), "content");
    Files.writeString(from.resolve("file.swp"), "");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onTarget("target", "volume", "add", "more=" + to).expect(0);
      hosts.onSource("source", "volume", "add", "more=" + from, "--exclude", "*.swp").expect(0);
      Program.Run uninvited = hosts.onSource("seed", "more");
      assertThat(uninvited.expect(5).err()).startsWith("error: volume-refused: ").hasLineCount(1);

      String token =
          hosts
              .onTarget("target", "invite", "--agent", "old", "--volume", "more")
              .expect(0)
              .out()
              .strip();
      hosts.onSource("source", "volume", "remove", "more").expect(0);
      hosts
          .onSource("source", "join", token, "--name", "old", "--volume", "more=" + from)
          .expect(0);
      hosts.onSource("seed", "more").expect(0);
      assertThat(to).isDirectoryContaining(file -> file.endsWith("file.swp"));

      hosts.onSource("source", "volume", "remove", TwoHosts.VOLUME).expect(0);
      assertThat(hosts.onSource("source", "volume", "list").expect(0).out())
          .isEqualTo("more  %s  to new%n".formatted(from));
      assertThat(hosts.onSource("seed", TwoHosts.VOLUME).expect(2).err())
          .startsWith("error: unknown-volume: ");
      hosts.onTarget("target", "volume", "remove", "more").expect(0);
      assertThat(hosts.onSource("seed", "more").expect(5).err()).contains("volume-refused");
      assertThat(to.resolve("file")).hasContent("content");

      hosts.sourceAgent().terminate();
      hosts.startSource();
      assertThat(hosts.onSource("status").expect(0).out())
          .contains("more")
          .doesNotContain(TwoHosts.VOLUME + " ");
    }
  }

  @Test
  @DisplayName("a revoked agent is cut off within 5 s and not let in again")
  void a_revoked_agent_is_cut_off() throws Exception {
    Files.writeString(source.resolve("file"), "content");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);

      hosts.onTarget("target", "revoke", "old").expect(0);

      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> hosts.onSource("status", "--json").out().contains("revoked"));
      hosts.onSource("seed", TwoHosts.VOLUME).expect(3);
    }
  }
}
