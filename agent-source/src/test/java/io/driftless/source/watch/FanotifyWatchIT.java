package io.driftless.source.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fanotify tells of each kind of change, on the file systems that matter. */
final class FanotifyWatchIT {
  abstract static class OnAnyFileSystem {
    @TempDir Path temporary;
    private Ground ground;
    private Path base;
    private Path root;
    private Watcher watcher;
    private WatchedTree tree;

    abstract Ground ground(Path directory) throws Exception;

    @BeforeEach
    void watch() throws Exception {
      ground = ground(temporary);
      base = ground.path();
      root = Files.createDirectories(base.resolve("volume"));
      Files.createDirectories(root.resolve("d/e"));
      Files.createDirectories(base.resolve("outside/tree/sub"));
      Files.writeString(base.resolve("outside/tree/sub/f"), "f");
      for (String name : new String[] {"a", "b", "c"}) {
        Files.writeString(root.resolve("d").resolve(name), name.repeat(10_000));
      }
      watcher = Watcher.start();
      tree = new WatchedTree(watcher, root, WatchMethod.Kind.FANOTIFY);
      assertThat(tree.volume.method()).isEqualTo(WatchMethod.fanotify());
    }

    @AfterEach
    void end() throws Exception {
      tree.close();
      watcher.close();
      ground.close();
    }

    @Test
    void what_is_outside_is_not_told_of() throws Exception {
      assertThat(
              tree.hintsOf(() -> {
                Files.writeString(base.resolve("outside/x"), "x");
                Files.writeString(base.resolve("volumes"), "x");
                Files.createDirectories(root.resolve(".driftless/stage"));
                Files.writeString(root.resolve(".driftless/stage/x"), "x");
              }))
          .isEmpty();
    }

    @Test
    void directories_that_are_deleted_elsewhere_leave_no_doubt() throws Exception {
      Path gone = base.resolve("outside/gone");
      for (int i = 0; i < 1500; i++) {
        Path deep = Files.createDirectories(gone.resolve("a" + i % 10 + "/b" + i % 100 + "/c" + i));
        Files.writeString(deep.resolve("f"), "f");
      }
      assertThat(tree.hintsOf(() -> Command.run("rm", "-r", gone.toString()))).isEmpty();
    }

    @Test
    void a_file_that_is_written_is_told_of_when_it_is_written_and_when_it_is_closed()
        throws Exception {
      assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("d/new"), "x")))
          .contains("closed d/new");
      try (OutputStream out = Files.newOutputStream(root.resolve("d/a"), APPEND)) {
        assertThat(tree.hintsOf(() -> out.write(1))).containsExactly("changed d/a");
        assertThat(tree.hintsOf(out::close)).containsExactly("closed d/a");
      }
      try (FileChannel file = FileChannel.open(root.resolve("d/a"), WRITE)) {
        assertThat(tree.hintsOf(() -> file.truncate(5))).containsExactly("changed d/a");
      }
    }

    @Test
    @DisplayName("C55: metadata is told of, times that are put back as well")
    void metadata_is_told_of() throws Exception {
      Path d = root.resolve("d");
      assertThat(tree.hintsOf(() -> Command.run("chmod", "600", d + "/b")))
          .containsExactly("changed d/b");
      assertThat(tree.hintsOf(() -> Command.run("chown", "1:1", d + "/b")))
          .containsExactly("changed d/b");
      assertThat(tree.hintsOf(() -> Command.run("touch", "-d", "2001-01-01", d + "/b")))
          .contains("closed d/b");
      assertThat(
              tree.hintsOf(() -> {
                try (Directory in = tree.root.open(TreePath.of("d"))) {
                  in.setAttribute(
                      Name.of("b"), "user.k".getBytes(US_ASCII), "v".getBytes(US_ASCII));
                }
              }))
          .containsExactly("changed d/b");
      assertThat(tree.hintsOf(() -> Command.run("chmod", "700", d.toString())))
          .containsExactly("directory d");
      assertThat(tree.hintsOf(() -> Command.run("chmod", "700", root.toString())))
          .containsExactly("directory .");
    }

    @Test
    void a_hole_that_is_punched_is_told_of() throws Exception {
      try (Directory in = tree.root.open(TreePath.of("d"));
          Fd file = in.openForWriting(Name.of("a"))) {
        assertThat(tree.hintsOf(() -> file.punchHole(0, 4096))).containsExactly("changed d/a");
      }
    }

    @Test
    @DisplayName("C64: a link is told of by its new name, a write by the name that was opened")
    void a_link_is_told_of_by_its_new_name_and_a_write_by_the_name_that_was_opened()
        throws Exception {
      assertThat(tree.hintsOf(() -> Files.createLink(root.resolve("d/l"), root.resolve("d/a"))))
          .contains("changed d/l");
      assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("d/l"), "q", APPEND)))
          .contains("closed d/l");
      assertThat(tree.hintsOf(() -> Files.delete(root.resolve("d/a")))).contains("changed d/a");
    }

    @Test
    void renames_are_told_of_as_such() throws Exception {
      assertThat(tree.hintsOf(() -> move("volume/d/a", "volume/d/e/z")))
          .containsExactly("renamed d/a -> d/e/z");
      assertThat(tree.hintsOf(() -> move("volume/d/b", "volume/d/c")))
          .containsExactly("renamed d/b -> d/c");
      assertThat(
              tree.hintsOf(
                  () -> tree.top.rename(Name.of("d"), tree.top, Name.of("x"), RenameMode.REPLACE)))
          .containsExactly("renamed d -> x");
      assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("x/c"), "q", APPEND)))
          .contains("closed x/c");
    }

    @Test
    void an_exchange_is_two_renames() throws Exception {
      try (Directory in = tree.root.open(TreePath.of("d"))) {
        assertThat(
                tree.hintsOf(() -> in.rename(Name.of("a"), in, Name.of("e"), RenameMode.EXCHANGE)))
            .containsExactly("renamed d/a -> d/e", "renamed d/e -> d/a");
      }
    }

    @Test
    void what_comes_from_outside_appears_and_what_leaves_has_changed() throws Exception {
      assertThat(tree.hintsOf(() -> move("outside/tree", "volume/d/tree")))
          .containsExactly("appeared d/tree");
      assertThat(tree.hintsOf(() -> Files.writeString(root.resolve("d/tree/sub/f"), "q", APPEND)))
          .contains("closed d/tree/sub/f");
      assertThat(tree.hintsOf(() -> move("volume/d/tree", "outside/tree")))
          .containsExactly("changed d/tree");
      assertThat(
              tree.hintsOf(
                  () -> Files.writeString(base.resolve("outside/tree/sub/f"), "q", APPEND)))
          .isEmpty();
      assertThat(tree.hintsOf(() -> move("outside/tree/sub/f", "volume/d/f")))
          .containsExactly("changed d/f");
    }

    @Test
    void directories_that_are_made_and_removed_are_told_of() throws Exception {
      assertThat(
              tree.hintsOf(() -> {
                Files.createDirectories(root.resolve("m/n/o"));
                Files.writeString(root.resolve("m/n/o/f"), "f");
              }))
          .contains("closed m/n/o/f")
          .anyMatch(hint -> hint.endsWith(" m"))
          .anyMatch(hint -> hint.endsWith(" m/n"));
      assertThat(tree.hintsOf(() -> Command.run("rm", "-r", root + "/m"))).contains("changed m");
    }

    @Test
    void a_file_made_without_a_name_is_told_of_by_the_name_that_it_gets() throws Exception {
      try (Directory in = tree.root.open(TreePath.of("d"));
          Fd file = in.createUnnamed(0600)) {
        assertThat(tree.hintsOf(() -> file.truncate(5))).isEmpty();
        assertThat(tree.hintsOf(() -> in.linkOpen(file, Name.of("named"))))
            .contains("changed d/named");
        assertThat(tree.hintsOf(() -> file.truncate(50))).containsExactly("changed d/named");
      }
    }

    @Test
    @DisplayName(
        "C64: what is written under a name that the file has lost is told of by another one")
    void a_file_that_is_written_after_its_name_was_removed_is_told_of_only_if_it_has_another()
        throws Exception {
      Files.createLink(root.resolve("d/l"), root.resolve("d/a"));
      try (var one = new RandomAccessFile(root.resolve("d/l").toFile(), "rw");
          var other = new RandomAccessFile(root.resolve("d/b").toFile(), "rw")) {
        String inode = "inode " + Files.getAttribute(root.resolve("d/a"), "unix:ino");
        assertThat(tree.hintsOf(() -> Files.delete(root.resolve("d/l"))))
            .contains("changed d/l")
            .containsAnyOf("changed d/a", "closed d/a", inode);
        assertThat(tree.hintsOf(() -> Files.delete(root.resolve("d/b"))))
            .containsExactly("changed d/b");
        assertThat(tree.hintsOf(() -> one.write(1)))
            .contains("changed d/l")
            .containsAnyOf("changed d/a", "closed d/a", inode);
        assertThat(tree.hintsOf(() -> other.write(1))).containsExactly("changed d/b");
      }
    }

    @Test
    @DisplayName("C64: what was written under a name that is removed at once is told as written")
    void a_write_under_a_name_that_goes_is_a_write_to_the_others() throws Exception {
      Files.createLink(root.resolve("d/l"), root.resolve("d/a"));
      assertThat(
              tree.hintsOf(() -> {
                Files.writeString(root.resolve("d/l"), "x");
                Files.delete(root.resolve("d/l"));
              }))
          .contains("closed d/a");
      Files.createLink(root.resolve("d/m"), root.resolve("d/b"));
      tree.settle();
      assertThat(tree.hintsOf(() -> Files.delete(root.resolve("d/m"))))
          .contains("changed d/b")
          .doesNotContain("closed d/b");
    }

    @Test
    void a_volume_whose_root_is_moved_is_in_doubt_and_goes_on() throws Exception {
      assertThat(tree.hintsOf(() -> move("volume", "moved")))
          .anyMatch(hint -> hint.startsWith("doubt: the root"));
      assertThat(tree.hintsOf(() -> Files.writeString(base.resolve("moved/d/a"), "q", APPEND)))
          .contains("closed d/a");
    }

    private void move(String from, String to) throws Exception {
      Files.move(base.resolve(from), base.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Nested
  final class OnExt4 extends OnAnyFileSystem {
    @Override
    Ground ground(Path directory) throws Exception {
      return Ground.loop(directory, LoopFileSystem.Type.EXT4);
    }
  }

  @Nested
  final class OnXfs extends OnAnyFileSystem {
    @Override
    Ground ground(Path directory) throws Exception {
      return Ground.loop(directory, LoopFileSystem.Type.XFS);
    }
  }

  @Nested
  final class OnBtrfs extends OnAnyFileSystem {
    @Override
    Ground ground(Path directory) throws Exception {
      return Ground.loop(directory, LoopFileSystem.Type.BTRFS);
    }
  }

  @Nested
  final class OnTmpfs extends OnAnyFileSystem {
    @Override
    Ground ground(Path directory) throws Exception {
      return Ground.tmpfs(directory);
    }
  }
}
