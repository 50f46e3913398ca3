package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code driftless copy} on real file systems. */
final class CopyIT {
  private static final long SEED = 20_261_101;

  @TempDir private Path scratch;
  private Program program;

  @BeforeEach
  void prepare() {
    Needs.root();
    Needs.tools("rsync", "getfacl", "getfattr", "setcap", "chattr", "lsattr", "perl");
    program = new Program(scratch);
  }

  @AfterEach
  void cleanUp() {
    program.close();
    VarietyTree.unlock(scratch);
  }

  @ParameterizedTest
  @EnumSource(LoopFileSystem.Type.class)
  @DisplayName("C1-C5, C7, C9, C11-C23: a tree of every variety arrives exactly")
  void a_tree_of_every_variety_arrives_exactly(LoopFileSystem.Type type) throws Exception {
    try (LoopFileSystem from = LoopFileSystem.in(scratch, type);
        LoopFileSystem to = LoopFileSystem.in(scratch, type)) {
      Path source = Files.createDirectory(from.root().resolve("tree"));
      Path target = Files.createDirectory(to.root().resolve("tree"));
      VarietyTree.fill(source, SEED, scratch);

      Program.Run run = program.run("copy", source.toString(), target.toString(), "--json");

      assertThat(run.out()).as(run.err()).contains("\"outcome\":\"done\"");
      run.expect(0);
      Judge.assertEqual(source, target);

      program.run("copy", source.toString(), target.toString(), "--json").expect(0);
      Judge.assertEqual(source, target);
      VarietyTree.unlock(source);
      VarietyTree.unlock(target);
    }
  }

  @Test
  @DisplayName("C84: a second copy of an unchanged tree moves no content")
  void a_second_copy_moves_no_content() throws IOException {
    Path source = Files.createDirectory(scratch.resolve("source"));
    Path target = Files.createDirectory(scratch.resolve("target"));
    VarietyTree.fill(source, SEED, scratch);
    program.run("copy", source.toString(), target.toString()).expect(0);

    Program.Run again =
        program.run("copy", source.toString(), target.toString(), "--json").expect(0);

    assertThat(again.out()).contains("\"filesTransferred\":0").contains("\"literalBytes\":0");
    Judge.assertEqual(source, target);
  }

  @Test
  @DisplayName("C68: what is excluded does not travel")
  void what_is_excluded_does_not_travel() throws IOException {
    Path source = scratch.resolve("source");
    Files.createDirectories(source.resolve("cache"));
    Path target = Files.createDirectory(scratch.resolve("target"));
    Files.writeString(source.resolve("keep"), "1");
    Files.writeString(source.resolve("drop.swp"), "2");
    Files.writeString(source.resolve("cache/x"), "3");

    program
        .run(
            "copy",
            source.toString(),
            target.toString(),
            "--exclude",
            "*.swp",
            "--exclude",
            "/cache/")
        .expect(0);

    assertThat(target.toFile().list()).containsExactly("keep");
  }
}
