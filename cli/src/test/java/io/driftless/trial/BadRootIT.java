package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Roots that vanish or turn into something else stop a pass, and nothing is lost. */
final class BadRootIT extends TwoTrees {
  @Test
  void a_source_root_that_is_missing_at_join_is_named_before_the_token_is_used()
      throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      String token = hosts.onTarget("target", "invite", "--volume", TwoHosts.VOLUME).out().strip();
      String home = scratch.resolve("h3").toString();
      String wrong = TwoHosts.VOLUME + "=" + scratch.resolve("nowhere");

      Program.Run run =
          program.run("--home", home, "source", "join", token, "--name", "n", "--volume", wrong);

      refused(run, 2, "root-missing");
      assertThat(scratch.resolve("h3")).doesNotExist();
    }
  }

  @Test
  @DisplayName("C71: a source root that goes away or becomes another kind halts; nothing is lost")
  void a_source_root_that_goes_away_or_becomes_another_kind_fails_the_pass_and_loses_nothing()
      throws IOException {
    Files.writeString(source.resolve("file"), "x");
    Path away = scratch.resolve("away");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);

      Files.move(source, away);
      refused(hosts.onSource("seed", TwoHosts.VOLUME), 5, "source-root: www: ");
      Files.writeString(source, "a file");
      refused(hosts.onSource("seed", TwoHosts.VOLUME), 5, "not a directory");
      Files.delete(source);
      Files.createSymbolicLink(source, away);
      refused(hosts.onSource("seed", TwoHosts.VOLUME), 5, "symbolic link");
      assertThat(target.resolve("file")).hasContent("x");

      Files.delete(source);
      Files.move(away, source);
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
    }
  }

  @Test
  @DisplayName("C71: a target root that goes away or becomes another kind halts, on both sides")
  void a_target_root_that_goes_away_is_refused_and_shown_on_both_sides() throws IOException {
    Files.writeString(source.resolve("file"), "x");
    Path away = scratch.resolve("away");
    Path elsewhere = Files.createDirectory(scratch.resolve("elsewhere"));
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Files.move(target, away);

      Program.Run run = hosts.onSource("seed", TwoHosts.VOLUME);

      assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
      assertThat(run.err()).startsWith("error: target-root: www: ").contains("ENOENT");
      assertThat(hosts.onTarget("status").expect(0).out())
          .contains("1 of 1 volume needs you", "was refused")
          .doesNotContain("-1 B");
      Files.createSymbolicLink(target, elsewhere);
      assertThat(hosts.onSource("seed", TwoHosts.VOLUME).expect(4).err())
          .startsWith("error: target-root: www: ")
          .contains("symbolic link");
      assertThat(elsewhere).as("nothing is written through it").isEmptyDirectory();
      Files.delete(target);
      Files.writeString(target, "a file");
      assertThat(hosts.onSource("seed", TwoHosts.VOLUME).expect(4).err())
          .startsWith("error: target-root: www: ");
      assertThat(target).hasContent("a file");
      Files.delete(target);
      Files.move(away, target);
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      assertThat(hosts.onTarget("status").expect(0).out()).contains("all well");
    }
  }

  @Test
  void a_target_root_whose_file_system_is_not_mounted_any_more_is_left_alone() throws Exception {
    Files.writeString(source.resolve("file"), "x");
    try (LoopFileSystem mounted = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4, 64)) {
      Path root = mounted.root();
      try (TwoHosts hosts = TwoHosts.start(program, scratch, source, root)) {
        hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
        unmount(mounted);

        Program.Run run = hosts.onSource("seed", TwoHosts.VOLUME);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
        assertThat(run.err()).startsWith("error: not-mounted: www: " + root + " was a mount point");
        assertThat(hosts.onSource("status", "--json").out())
            .contains("\"state\":\"held\"", "\"slug\":\"not-mounted\"");
        assertThat(root).isEmptyDirectory();
        mounted.mount();
        hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      }
    }
  }

  /** After a pass the target looks back for a moment. */
  private static void unmount(LoopFileSystem mounted) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> {
          mounted.unmount();
          return true;
        });
  }

  private static void refused(Program.Run run, int exitCode, String what) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("error: ").contains(what).hasLineCount(1);
  }
}
