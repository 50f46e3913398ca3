package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What vanishes from the source vanishes from the target, unless it looks like an accident. */
final class DeleteIT extends TwoTrees {
  private static final long SEED = 20_261_122;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "getfattr", "setcap", "chattr", "lsattr", "perl");
  }

  @AfterEach
  @Override
  void cleanUp() {
    super.cleanUp();
    VarietyTree.unlock(scratch);
  }

  @Test
  @DisplayName("C66, C67, C70: deletes follow, guards hold, --allow-deletes continues")
  void deletes_follow_and_guards_hold() throws IOException {
    VarietyTree.fill(source, SEED, scratch);
    SmallFiles.fill(Files.createDirectory(source.resolve("many")), 400, SEED);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);

      removeSome();
      assertThat(hosts.onSource("sync", TwoHosts.VOLUME, "--json").expect(0).out())
          .doesNotContain("\"entriesDeleted\":0");
      Judge.assertEqual(source, target);

      VarietyTree.unlock(source.resolve("many"));
      new Shell(source).output("bash", "-c", "rm -rf many && mkdir many");
      Program.Run refused = hosts.onSource("sync", TwoHosts.VOLUME).expect(4);
      assertThat(refused.err())
          .contains("error: too-many-deletes: www: ")
          .contains("  look:      driftless history www 3 --deletes\n")
          .containsPattern("continue: {2}driftless sync www --allow-deletes=\\d+");
      assertThat(target.resolve("many").toFile().list()).isNotEmpty();
      assertThat(hosts.onSource("history", "www", "3", "--deletes").expect(0).out().lines())
          .hasSizeGreaterThan(1)
          .allMatch(line -> line.matches("www  pass #3 .*|  many/.* \\((file|directory, .*)\\)"));

      hosts.onSource("sync", TwoHosts.VOLUME, "--allow-deletes").expect(0);
      Judge.assertEqual(source, target);
    }
  }

  /** A file, a locked one, a name of an inode, a whole directory, and what lies in wide ones. */
  private void removeSome() {
    VarietyTree.unlock(source);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "find many -type f | sort | awk 'NR % 9 == 0' | xargs rm -f; rm -rf flags names;"
                + " find . -type f -links +1 | sort | head -1 | xargs -r rm -f");
  }

  @Test
  @DisplayName("C70: a source that was not mounted empties no target")
  void an_unmounted_source_empties_no_target() throws Exception {
    Path root;
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4, 64)) {
      root = disk.root();
      for (String name : List.of("a", "b", "c")) {
        Files.writeString(root.resolve(name), "content of " + name);
      }
      try (TwoHosts hosts = TwoHosts.start(program, scratch, root, target)) {
        hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
        new Shell(scratch).output("umount", root.toString());

        Program.Run run = hosts.onSource("sync", TwoHosts.VOLUME);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
        assertThat(run.err()).contains("empty-source");
        assertThat(target.toFile().list()).containsExactlyInAnyOrder("a", "b", "c");
      }
    }
  }

  @Test
  @DisplayName("a target with entries of its own keeps them")
  void a_target_with_entries_of_its_own_keeps_them() throws IOException {
    Files.writeString(source.resolve("ours"), "1");
    Files.createDirectory(target.resolve("theirs"));
    Files.writeString(target.resolve("theirs/precious"), "2");

    Program.Run run = program.run("copy", source.toString(), target.toString()).expect(4);

    assertThat(run.err())
        .startsWith("error: foreign-target: ")
        .contains("theirs")
        .contains("the same command with --allow-deletes=2");
    assertThat(target.resolve("ours")).hasContent("1");
    assertThat(target.resolve("theirs/precious")).hasContent("2");

    program.run("copy", source.toString(), target.toString(), "--allow-deletes=2").expect(0);
    Judge.assertEqual(source, target);
  }
}
