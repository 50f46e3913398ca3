package io.driftless.perf.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.perf.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileTreeIT {
  private static final int FILES = 2500;

  @TempDir private Path directory;

  @Test
  void a_seed_gives_the_same_tree_again() throws Exception {
    Path first = Files.createDirectories(directory.resolve("first"));
    Path second = Files.createDirectories(directory.resolve("second"));
    var tree = new FileTree(7, FileTree.logNormal(6200, 1.5, 1 << 20));
    tree.write(first, FILES);
    tree.write(second, FILES);

    assertThat(Command.of("rsync", "-anic", "--delete", first + "/", second + "/").run()).isEmpty();
    try (Stream<Path> entries = Files.walk(first)) {
      assertThat(entries.filter(Files::isRegularFile).count()).isEqualTo(FILES);
    }
  }

  @Test
  void log_normal_sizes_have_their_mean() {
    var random = new java.util.SplittableRandom(1);
    var size = FileTree.logNormal(6200, 1.5, 4 << 20);

    double mean = random.ints(200_000).map(_ -> size.applyAsInt(random)).average().orElseThrow();

    assertThat(mean).isBetween(6000.0, 6400.0);
  }
}
