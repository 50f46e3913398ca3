package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How one entry stands, asked of two agents. */
final class ExplainIT extends TwoTrees {
  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("setfattr", "mount", "umount");
  }

  @AfterEach
  @Override
  void cleanUp() {
    new Shell(scratch).output("bash", "-c", "! mountpoint -q source/mnt || umount source/mnt");
    super.cleanUp();
  }

  private void bash(Path directory, String script) {
    new Shell(directory).output("bash", "-ec", script);
  }

  @Test
  @DisplayName("C82: one answer for one path, whatever it is")
  void one_answer_for_one_path() throws IOException {
    bash(
        source,
        "mkdir dir mnt; echo content > dir/file; ln -s dir link; mkfifo pipe; echo a > a.swp;"
            + " echo same > same; setfattr -n user.a -v 1 same");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Files.writeString(
          Files.createDirectories(hosts.sourceHome().resolve("conf.d")).resolve("50-mine.toml"),
          "[volumes.www]\nexclude = [\n  \"*.bak\",\n  \"*.swp\" ]\n");
      hosts.onSource("reload").expect(0);
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      bash(source, "mount -t tmpfs none mnt; echo b > mnt/inside; echo more > new");
      bash(target, "chmod 600 same; echo x > dir/extra; echo kept > b.swp");
      bash(
          target,
          "touch -d @1 dir/file; echo CONTENT > dir/file; touch -r ../source/dir/file dir/file");

      assertThat(explain(hosts, 0, "link")).startsWith("www  link  equal\n");
      assertThat(explain(hosts, 0, "pipe")).startsWith("www  pipe  equal\n");
      assertThat(explain(hosts, 1, ".")).startsWith("www  .  differs: mtime;");
      assertThat(explain(hosts, 0, "dir/file")).startsWith("www  dir/file  equal; content not");
      assertThat(explain(hosts, 1, "dir/file", "--content"))
          .startsWith("www  dir/file  differs: content; changed on the target since the last pass")
          .contains("* content");
      assertThat(explain(hosts, 1, "same"))
          .startsWith("www  same  differs: mode; changed on the target")
          .containsPattern("\\* mode +0644 +0600\n")
          .containsPattern("  user.a +\"1\" +\"1\"\n");
      assertThat(explain(hosts, 1, "dir")).startsWith("www  dir  differs: mtime");
      assertThat(explain(hosts, 1, "new")).startsWith("www  new  only at the source: ");
      assertThat(explain(hosts, 1, "dir/extra"))
          .startsWith("www  dir/extra  only on the target: ")
          .contains("the next pass deletes it");
      assertThat(explain(hosts, 1, "no/where")).startsWith("www  no/where  neither side has it");
      assertThat(explain(hosts, 1, "a.swp"))
          .startsWith("www  a.swp  excluded by *.swp (" + hosts.sourceHome())
          .contains("/conf.d/50-mine.toml:4)\n  the target does not have it\n");
      assertThat(explain(hosts, 1, "b.swp")).contains("the target has it, and keeps it");
      assertThat(explain(hosts, 1, "mnt/inside"))
          .startsWith("www  mnt/inside  behind a mount point: mnt is a mount point");
      assertThat(explain(hosts, 1, "link/file"))
          .startsWith("www  link/file  not part of the volume: link is a symbolic link");
      assertThat(explain(hosts, 1, "same/below"))
          .startsWith("www  same/below  not part of the volume: same is no directory");
      assertThat(explain(hosts, 1, ".driftless/x")).contains("Driftless keeps .driftless");
      assertThat(hosts.onSource("explain", TwoHosts.VOLUME, "../etc/passwd").expect(2).err())
          .startsWith("error: path: ");

      hosts.onSource("sync", TwoHosts.VOLUME, "--content").expect(0);
      assertThat(explain(hosts, 0, "same", "--content")).startsWith("www  same  equal\n");
      assertThat(hosts.onTarget("status").expect(0).out()).contains("paused");
    }
  }

  private static String explain(TwoHosts hosts, int exitCode, String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "explain";
    all[1] = TwoHosts.VOLUME;
    System.arraycopy(words, 0, all, 2, words.length);
    return hosts.onSource(all).expect(exitCode).out();
  }
}
