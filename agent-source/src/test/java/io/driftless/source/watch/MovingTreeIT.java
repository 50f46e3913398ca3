package io.driftless.source.watch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * C61, C63: directories are moved to and fro while files in them are written, and no hint is lost.
 */
final class MovingTreeIT {
  private static final int DEEDS = 1000;

  @TempDir Path base;

  @ParameterizedTest
  @EnumSource(
      value = WatchMethod.Kind.class,
      names = {"FANOTIFY", "INOTIFY"})
  void following_the_hints_alone_ends_with_what_is_there(WatchMethod.Kind kind) throws Exception {
    if (kind == WatchMethod.Kind.INOTIFY) {
      follow(kind, base);
      return;
    }
    try (Ground ground = Ground.tmpfs(base)) { // elsewhere others' changes could overflow the queue
      follow(kind, ground.path());
    }
  }

  private static void follow(WatchMethod.Kind kind, Path place) throws Exception {
    long seed = new SplittableRandom().nextLong();
    Path volume = Files.createDirectory(place.resolve("volume"));
    Files.createDirectory(place.resolve("outside"));
    for (int i = 0; i < 4; i++) {
      Files.createDirectories(volume.resolve("d" + i + "/e/f"));
    }
    try (Watcher watcher = Watcher.start();
        ConfinedRoot root = ConfinedRoot.open(volume.toString())) {
      var replica = new FollowingReplica(volume);
      try (WatchedVolume watched = watcher.watch(root, replica, kind)) {
        assertThat(watched.method().kind()).isEqualTo(kind);
        replica.lookAtEverything();
        CompletableFuture<Void> first = deeds(volume, new SplittableRandom(seed), "a");
        CompletableFuture<Void> second = deeds(volume, new SplittableRandom(seed + 1), "b");
        try {
          while (!first.isDone() || !second.isDone()) {
            replica.follow();
          }
        } finally {
          first.join();
          second.join();
        }
        watcher.drained().get(20, SECONDS);
        replica.follow();
        assertThat(replica.errorsAgainst(contentsOf(volume))).as("seed %d", seed).isEmpty();
        assertThat(replica.doubts()).as("seed %d", seed).isEmpty();
      }
    }
  }

  private static CompletableFuture<Void> deeds(Path volume, SplittableRandom random, String by) {
    return CompletableFuture.runAsync(() -> {
      for (int i = 0; i < DEEDS; i++) {
        try {
          deed(volume, random, by, i);
        } catch (IOException e) {
          continue; // the other one was quicker
        }
      }
    });
  }

  private static void deed(Path volume, SplittableRandom random, String by, int number)
      throws IOException {
    Path from = directory(volume, random);
    boolean rootItself = from.equals(volume); // when all directories happen to be outside
    switch (random.nextInt(10)) {
      case 0 -> {
        if (!rootItself) {
          Files.move(from, directory(volume, random).resolve(by + number % 7));
        }
      }
      case 1 -> {
        if (!rootItself) {
          Files.move(from, volume.resolve("../outside/" + by));
        }
      }
      case 2 -> Files.move(volume.resolve("../outside/" + by), from.resolve(by + number % 5));
      case 3 -> Files.createDirectories(from.resolve("e/f/" + by));
      case 4 -> Files.deleteIfExists(from.resolve(by + number % 3 + ".txt"));
      case 5 ->
          Files.move(
              from.resolve(by + number % 3 + ".txt"),
              directory(volume, random).resolve("moved.txt"),
              StandardCopyOption.ATOMIC_MOVE);
      default -> Files.writeString(from.resolve(by + number % 3 + ".txt"), by + number);
    }
  }

  private static Path directory(Path volume, SplittableRandom random) throws IOException {
    Path at = volume;
    for (int depth = random.nextInt(4); depth >= 0; depth--) {
      List<Path> below = new ArrayList<>();
      try (var children = Files.newDirectoryStream(at, Files::isDirectory)) {
        children.forEach(below::add);
      } catch (java.nio.file.DirectoryIteratorException e) {
        throw e.getCause();
      }
      if (below.isEmpty()) {
        return at;
      }
      below.sort(null);
      at = below.get(random.nextInt(below.size()));
    }
    return at;
  }

  static TreeMap<String, String> contentsOf(Path volume) throws IOException {
    var contents = new TreeMap<String, String>();
    try (var all = Files.walk(volume)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String name = volume.relativize(path).toString();
        contents.put(name, Files.isDirectory(path) ? "directory" : Files.readString(path));
      }
    }
    contents.remove("");
    return contents;
  }

  @Test
  void the_oracle_sees_a_tree() throws IOException {
    Files.createDirectories(base.resolve("a/b"));
    Files.writeString(base.resolve("a/f"), "x");
    assertThat(contentsOf(base).toString()).isEqualTo("{a=directory, a/b=directory, a/f=x}");
  }
}
