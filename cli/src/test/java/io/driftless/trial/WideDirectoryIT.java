package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A directory with a million entries, in memory. */
final class WideDirectoryIT {
  private static final int ENTRIES = 1_000_000;

  private Path scratch;
  private Program program;

  @BeforeEach
  void prepare() throws Exception {
    Needs.root();
    Needs.that(Files.isDirectory(Path.of("/dev/shm")), "a file system in memory at /dev/shm");
    new Shell(Path.of("/dev/shm")).run("bash", "-c", "rm -rf /dev/shm/driftless-wide-*");
    scratch = Files.createTempDirectory(Path.of("/dev/shm"), "driftless-wide-");
    program = new Program(scratch);
  }

  @AfterEach
  void cleanUp() {
    program.close();
    new Shell(Path.of("/dev/shm")).run("rm", "-rf", scratch.toString());
  }

  @Test
  @DisplayName("C6: a million entries in one directory arrive, in bounded memory")
  void a_million_entries_in_one_directory_arrive() throws Exception {
    Path source = Files.createDirectory(scratch.resolve("source"));
    Path target = Files.createDirectory(scratch.resolve("target"));
    try (ConfinedRoot root = ConfinedRoot.open(source.toString());
        Directory directory = root.open(TreePath.ROOT)) {
      for (int i = 0; i < ENTRIES; i++) {
        directory.create(Name.of("entry-" + i), 0644).close();
      }
    }

    Program.Run run = program.run("copy", source.toString(), target.toString(), "--json").expect(0);

    assertThat(run.out()).contains("\"files\":" + ENTRIES).contains("\"outcome\":\"done\"");
    String names = "find . -printf '%f %s %m %T@\\n' | sort | sha256sum";
    assertThat(new Shell(target).output("bash", "-c", names))
        .isEqualTo(new Shell(source).output("bash", "-c", names));
  }
}
