package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What passes do beside bringing a whole volume: parts of it, what is excluded, owners. */
final class PartIT extends TwoTrees {
  private void bash(Path directory, String script) {
    new Shell(directory).output("bash", "-ec", script);
  }

  @Test
  @DisplayName("C82: --path passes through and verifies a part, and touches nothing else")
  void a_part_is_passed_through_by_itself() throws IOException {
    bash(source, "mkdir -p part/deep other; echo 1 > part/deep/f; echo 2 > other/g; ln -s part l");
    bash(source, "ln other/g part/linked");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      bash(source, "echo new > part/new; echo new > other/new; rm part/deep/f");
      bash(target, "chmod 600 other");

      assertThat(hosts.onSource("verify", TwoHosts.VOLUME, "--path", "part").expect(1).out())
          .contains("missing     part/new", "extra       part/deep/f")
          .doesNotContain("other");
      hosts.onSource("sync", TwoHosts.VOLUME, "--path", "./part/").expect(0);

      assertThat(target.resolve("part/new")).hasContent("new");
      assertThat(target.resolve("part/deep/f")).doesNotExist();
      assertThat(target.resolve("other/new")).doesNotExist();
      assertThat(target.resolve("other/g")).exists();
      hosts.onSource("verify", TwoHosts.VOLUME, "--path", "part", "--content").expect(0);
      for (String wrong : List.of("part/new", "nowhere", "l", ".driftless")) {
        assertThat(hosts.onSource("sync", TwoHosts.VOLUME, "--path", wrong).expect(5).err())
            .startsWith("error: path: www: " + wrong + " can't be passed through by itself: ");
      }
      for (String wrong : List.of("../target", "/etc", "a//b")) {
        assertThat(hosts.onSource("sync", TwoHosts.VOLUME, "--path", wrong).expect(2).err())
            .startsWith("error: path: \"" + wrong);
      }
      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("C21: names that parts brought one by one are names of one file after a whole pass")
  void groups_that_parts_tear_are_mended() throws IOException {
    bash(source, "mkdir a b; echo 1 >a/x; ln a/x b/y; echo 2 >a/p; ln a/p a/o");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      bash(source, "echo more >>a/x; ln a/p b/q; rm a/o");
      hosts.onSource("sync", TwoHosts.VOLUME, "--path", "b").expect(0);
      hosts.onSource("sync", TwoHosts.VOLUME, "--path", "a").expect(0);

      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);

      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("C68: what is excluded stays, and goes with --delete-excluded, by the same guards")
  void what_is_excluded_goes_where_that_is_asked_for() throws IOException {
    bash(source, "mkdir -p cache/a dir; echo 1 > cache/a/f; echo 2 > dir/x.swp; echo 3 > dir/keep");
    bash(source, "mkdir lost+found; echo 4 > lost+found/f");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      Files.writeString(
          Files.createDirectories(hosts.sourceHome().resolve("conf.d")).resolve("50-mine.toml"),
          "[volumes.www]\nexclude = [\"*.swp\", \"/cache/\", \"lost+found\"]\n");
      hosts.onSource("reload").expect(0);
      bash(target, "echo mine > dir/y.swp");
      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      assertThat(target.resolve("cache/a/f")).exists();

      assertThat(hosts.onSource("sync", TwoHosts.VOLUME, "--delete-excluded", "-n").expect(0).out())
          .contains("delete directory cache", "delete file      dir/x.swp")
          .doesNotContain("lost+found");
      assertThat(target.resolve("cache/a/f")).exists();
      hosts.onSource("sync", TwoHosts.VOLUME, "--delete-excluded").expect(0);

      assertThat(target.resolve("cache")).doesNotExist();
      assertThat(target.resolve("dir").toFile().list()).containsExactly("keep");
      assertThat(target.resolve("lost+found/f")).exists();
      assertThat(source.resolve("cache/a/f")).exists();
      assertThat(hosts.onSource("sync", TwoHosts.VOLUME, "--json").expect(0).out())
          .contains("\"entriesDeleted\":0");
    }
  }

  @Test
  @DisplayName("C16: an owner's number that is somebody else's on the target is told")
  void owners_that_are_somebody_else_there_are_told() throws IOException {
    Needs.tools("unshare", "mount");
    Path passwd = scratch.resolve("passwd");
    Files.writeString(passwd, "root:x:0:0::/root:/bin/sh\nmessagebus:x:1:1::/:/bin/false\n");
    bash(source, "echo 1 > f; mkdir d; echo 2 > d/g; chown 1 f d d/g");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      hosts.targetAgent().terminate();
      hosts.startTargetUnder(
          List.of(
              "unshare",
              "-m",
              "bash",
              "-ec",
              "mount --bind \"$0\" /etc/passwd; exec \"$@\"",
              passwd.toString()));

      Program.Run run = hosts.onSource("sync", TwoHosts.VOLUME).expect(0);

      assertThat(run.err())
          .contains("  note: owner-names: user 1 is daemon here and messagebus there, 3 entries\n");
      assertThat(hosts.onSource("history", TwoHosts.VOLUME, "2", "--json").expect(0).out())
          .contains("\"slug\":\"owner-names\"");
    }
  }
}
