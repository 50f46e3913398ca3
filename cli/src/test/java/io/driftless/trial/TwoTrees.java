package io.driftless.trial;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What most trials begin with: a tree to bring, an empty one to bring it to, and the program. */
abstract class TwoTrees {
  @TempDir Path scratch;
  Path source;
  Path target;
  Program program;

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
}
