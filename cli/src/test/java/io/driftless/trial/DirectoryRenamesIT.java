package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Directories that are renamed to and fro, on a volume that a target follows. */
final class DirectoryRenamesIT extends TwoTrees {
  private static final long SEED = 20_261_131;
  private static final int RENAMES = 10_000;
  private static final int BURST_MAX = 60;
  private static final int PAUSE_MILLIS_MAX = 40;
  private static final int DIRECTORIES = 6;
  private static final int FILES = 30;
  private static final int WRITERS = 2;

  @Test
  @DisplayName("C61: ten thousand renames while files below are written, a barrier: equal")
  void ten_thousand_renames() throws Exception {
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      Path root = volume.from();
      Files.createDirectories(root.resolve("there/deeper"));
      for (int i = 0; i < DIRECTORIES; i++) {
        Path inner = Files.createDirectories(here(root, i).resolve("inner"));
        for (int file = 0; file < FILES; file++) {
          Path directory = file % 2 == 0 ? inner : here(root, i);
          Files.writeString(directory.resolve("f" + file), i + " " + file);
        }
      }
      volume.follow();
      renameAndWrite(root);
      volume.assertBarrierMakesEqual();
    }
  }

  private static Path here(Path root, int directory) {
    return root.resolve("d" + directory);
  }

  /** The even ones stay beside, the odd ones go elsewhere. */
  private static Path there(Path root, int directory) {
    return directory % 2 == 0
        ? root.resolve("e" + directory)
        : root.resolve("there/deeper/d" + directory);
  }

  private static void renameAndWrite(Path root) throws Exception {
    var done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(threads.submit(writer(root, done, new SplittableRandom(SEED + writer))));
      }
      try {
        rename(root, new SplittableRandom(SEED));
      } finally {
        done.set(true);
      }
      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).as("writes that found their file, seed %d", SEED).isPositive();
      }
    }
  }

  private static void rename(Path root, SplittableRandom random)
      throws IOException, InterruptedException {
    int untilPause = BURST_MAX;
    for (int i = 0; i < RENAMES; i++) {
      int directory = random.nextInt(DIRECTORIES);
      if (Files.exists(here(root, directory))) {
        Files.move(here(root, directory), there(root, directory));
      } else {
        Files.move(there(root, directory), here(root, directory));
      }
      if (--untilPause == 0) {
        untilPause = 1 + random.nextInt(BURST_MAX);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS_MAX));
      }
    }
  }

  /** Writes to files, makes new ones and removes some, wherever they are; counts what it did. */
  private static Callable<Integer> writer(Path root, AtomicBoolean done, SplittableRandom random) {
    return () -> {
      int writes = 0;
      while (!done.get()) {
        int directory = random.nextInt(DIRECTORIES);
        Path at = random.nextBoolean() ? here(root, directory) : there(root, directory);
        String name = random.nextBoolean() ? "inner/f" : "f";
        try {
          change(at.resolve(name + random.nextInt(2 * FILES)), random);
          writes++;
        } catch (NoSuchFileException moved) {
          Thread.yield();
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(4000));
      }
      return writes;
    };
  }

  private static void change(Path file, SplittableRandom random) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> Files.delete(file);
      case 1 -> {
        Path saved = file.resolveSibling("saved" + random.nextInt(1000));
        Files.writeString(saved, "saved " + random.nextInt());
        Files.move(saved, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      default ->
          Files.writeString(
              file,
              "x".repeat(random.nextInt(3000)),
              StandardOpenOption.CREATE,
              random.nextBoolean() ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
    }
  }
}
