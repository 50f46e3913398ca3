package io.driftless.source.watch;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of where fanotify can't be had. */
final class InotifyWatchIT {
  private static final int RENAMES = 2500;

  @TempDir Path base;
  private Path root;
  private Watcher watcher;
  private WatchedTree tree;

  @BeforeEach
  void watch() throws Exception {
    root = Files.createDirectory(base.resolve("volume"));
    Files.createDirectories(root.resolve("d/e"));
    Files.createDirectories(base.resolve("outside/tree/sub"));
    for (String name : new String[] {"a", "b", "c"}) {
      Files.writeString(root.resolve("d").resolve(name), name);
    }
    watcher = Watcher.start();
    tree = new WatchedTree(watcher, root, WatchMethod.Kind.INOTIFY);
    assertThat(tree.volume.method().kind()).isEqualTo(WatchMethod.Kind.INOTIFY);
  }

  @AfterEach
  void end() throws Exception {
    tree.close();
    watcher.close();
  }

  @Test
  void writing_and_closing_are_told_of() throws Exception {
    assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("d/a"), "q", APPEND)))
        .contains("closed d/a");
    assertThat(tree.hintsOf(() -> Files.delete(root.resolve("d/a"))))
        .containsExactly("changed d/a");
    assertThat(tree.hintsOf(() -> Files.createLink(root.resolve("d/l"), root.resolve("d/b"))))
        .contains("changed d/l");
    assertThat(
            tree.hintsOf(() ->
                Files.setLastModifiedTime(
                    root.resolve("d"), java.nio.file.attribute.FileTime.fromMillis(5))))
        .contains("directory d");
  }

  @Test
  @DisplayName("C60: what is made in a directory before it is watched is not missed")
  void a_new_directory_appears_with_all_below_and_is_watched() throws Exception {
    for (int round = 0; round < 30; round++) {
      Path deep = root.resolve("m" + round + "/n/o");
      int number = round;
      Set<String> hints =
          tree.hintsOf(() -> {
            Files.createDirectories(deep);
            Files.writeString(deep.resolve("f"), "f");
          });
      assertThat(hints).contains("appeared m" + number);
      assertThat(tree.hintsOf(() -> Files.writeString(deep.resolve("f"), "g", APPEND)))
          .contains("closed m" + number + "/n/o/f");
    }
  }

  @Test
  @DisplayName("C61: directories that are renamed in, out of and within the tree")
  void renames_are_told_of_and_watches_follow() throws Exception {
    assertThat(tree.hintsOf(() -> move("volume/d/a", "volume/d/e/z")))
        .containsExactly("renamed d/a -> d/e/z");
    assertThat(tree.hintsOf(() -> move("volume/d", "volume/x"))).contains("renamed d -> x");
    assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("x/e/z"), "g", APPEND)))
        .contains("closed x/e/z");
    assertThat(tree.hintsOf(() -> move("outside/tree", "volume/x/tree")))
        .contains("appeared x/tree");
    assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("x/tree/sub/f"), "g")))
        .contains("closed x/tree/sub/f");
    assertThat(tree.hintsOf(() -> move("volume/x", "outside/x"))).contains("changed x");
    assertThat(tree.hintsOf(() -> Files.writeString(base.resolve("outside/x/c"), "g"))).isEmpty();
    assertThat(tree.hintsOf(() -> move("outside/x", "volume/y"))).contains("appeared y");
    assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("y/e/z"), "g", APPEND)))
        .contains("closed y/e/z");
  }

  @Test
  @DisplayName("C61: a renaming whose halves come with two readings is one all the same")
  void renames_are_told_of_where_their_halves_come_apart() throws Exception {
    var closed = new CountDownLatch(1);
    tree.settle();
    tree.sink.take();
    tree.sink.stopAt(closed);
    Files.writeString(root.resolve("d/stop"), "x"); // nothing more is read before all has happened
    var renames = new HashSet<String>();
    for (int i = 0; i < RENAMES; i++) {
      String from = "f" + "x".repeat(i % 37) + i;
      String to = "t" + "x".repeat(i % 53) + i;
      Files.writeString(root.resolve("d/e").resolve(from), "");
      move("volume/d/e/" + from, "volume/d/e/" + to);
      renames.add("renamed d/e/%s -> d/e/%s".formatted(from, to));
    }
    closed.countDown();
    tree.settle();

    assertThat(tree.sink.take()).containsAll(renames);
  }

  @Test
  void our_own_directory_is_not_told_of() throws Exception {
    assertThat(
            tree.hintsOf(() -> {
              Files.createDirectories(root.resolve(".driftless/stage"));
              Files.writeString(root.resolve(".driftless/stage/x"), "x");
            }))
        .isEmpty();
  }

  @Test
  void nothing_is_told_of_after_a_volume_was_closed() throws Exception {
    tree.settle();
    tree.sink.take();
    tree.volume.close();
    Files.writeString(root.resolve("d/a"), "q");
    tree.settle();
    assertThat(tree.sink.take()).isEmpty();
  }

  private void move(String from, String to) throws Exception {
    Files.move(base.resolve(from), base.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }
}
