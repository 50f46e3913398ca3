package io.driftless.source.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several volumes on one file system, and what happens at the limits. */
final class ManyVolumesIT {
  @TempDir Path temporary;
  private Ground ground;
  private Path base;
  private Watcher watcher;

  @BeforeEach
  void mount() throws Exception {
    ground = Ground.tmpfs(temporary);
    base = ground.path();
    Files.createDirectories(base.resolve("outer/inner/d"));
    Files.writeString(base.resolve("outer/inner/d/f"), "f");
    watcher = Watcher.start();
  }

  @AfterEach
  void unmount() throws Exception {
    watcher.close();
    ground.close();
  }

  private WatchedTree watch(Path path) throws Exception {
    return new WatchedTree(watcher, path, WatchMethod.Kind.FANOTIFY);
  }

  private void write(String path) throws Exception {
    Files.writeString(base.resolve(path), "q", APPEND);
  }

  @Test
  @DisplayName("C65: a volume in another one and behind a bind mount hears of the same changes")
  void nested_and_bound_volumes_hear_of_what_is_theirs() throws Exception {
    Path bound = Files.createDirectory(temporary.resolve("bound"));
    Command.run("mount", "--bind", base + "/outer/inner", bound.toString());
    try (WatchedTree outer = watch(base.resolve("outer"));
        WatchedTree inner = watch(base.resolve("outer/inner"));
        WatchedTree throughBind = watch(bound)) {
      inner.sink.take();
      throughBind.sink.take();
      assertThat(outer.hintsOf(() -> write("outer/inner/d/f"))).contains("closed inner/d/f");
      assertThat(inner.sink.take()).contains("closed d/f");
      assertThat(throughBind.sink.take()).contains("closed d/f");
      assertThat(inner.hintsOf(() -> Files.writeString(bound.resolve("d/f"), "q", APPEND)))
          .contains("closed d/f");
      inner.close();
      assertThat(outer.hintsOf(() -> write("outer/inner/d/f"))).contains("closed inner/d/f");
      assertThat(inner.sink.take()).isEmpty();
    } finally {
      Command.run("umount", bound.toString());
    }
  }

  @Test
  void volumes_come_and_go_while_files_are_written() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (WatchedTree one = watch(base.resolve("outer/inner"));
          WatchedTree other = watch(base.resolve("outer/inner/d"))) {
        assertThat(one.hintsOf(() -> write("outer/inner/d/f"))).contains("closed d/f");
        assertThat(other.sink.take()).contains("closed f");
      }
    }
  }

  @Test
  @DisplayName("C58: an overflow puts the volume in doubt, and watching goes on")
  void an_overflow_is_told_of_and_counted() throws Exception {
    int events = 1000 + queueLimit();
    var gate = new CountDownLatch(1);
    try (WatchedTree tree = watch(base.resolve("outer"));
        Directory in = tree.root.open(TreePath.of("inner/d"))) {
      tree.settle();
      tree.sink.stopAt(gate);
      for (int i = 0; i < events; i++) {
        in.create(Name.of("n" + i), 0600).close();
      }
      gate.countDown();
      tree.settle();
      Set<String> hints = tree.sink.take();
      assertThat(hints.stream().filter(hint -> hint.startsWith("doubt: the kernel's queue")))
          .hasSize(1);
      assertThat(tree.volume.overflows()).isEqualTo(1);
      assertThat(tree.hintsOf(() -> write("outer/inner/d/f"))).contains("closed inner/d/f");
    }
  }

  /** The kernel gives it in one piece only. */
  private static int queueLimit() throws Exception {
    try (var in = new FileInputStream("/proc/sys/fs/fanotify/max_queued_events")) {
      return Integer.parseInt(new String(in.readAllBytes(), US_ASCII).strip());
    }
  }

  @Test
  void a_path_that_is_too_long_to_be_told_puts_what_is_above_in_doubt() throws Exception {
    Name name = Name.of("x".repeat(200));
    try (WatchedTree tree = watch(base.resolve("outer"))) {
      Directory at = tree.root.open(TreePath.of("inner"));
      for (int depth = 0; depth < 30; depth++) {
        at.makeDirectory(name, 0700);
        Directory child = at.openChild(name);
        at.close();
        at = child;
      }
      try (Directory deep = at) {
        Set<String> hints =
            tree.hintsOf(() -> {
              try (Fd file = deep.create(Name.of("f"), 0600)) {
                file.truncate(3);
              }
            });
        assertThat(hints).isNotEmpty().allMatch(hint -> hint.startsWith("appeared inner/xxx"));
      }
    }
  }

  @Test
  void a_name_is_told_of_as_it_is() throws Exception {
    byte[] bytes = {'a', (byte) 0xff, '\n', ' ', '(', 'd', 'e', 'l', 'e', 't', 'e', 'd', ')'};
    try (WatchedTree tree = watch(base.resolve("outer"))) {
      tree.top.makeDirectory(Name.of(bytes), 0700);
      try (Directory in = tree.top.openChild(Name.of(bytes))) {
        String path = TreePath.ROOT.resolve(Name.of(bytes)).resolve(Name.of("f")).toString();
        assertThat(tree.hintsOf(() -> in.create(Name.of("f"), 0600).close()))
            .contains("closed " + path);
      }
    }
  }

  @Test
  @DisplayName("C59, C65: the methods get worse one by one, and each says why")
  void the_methods_get_worse_one_by_one() throws Exception {
    try (var none = new WatchedTree(watcher, base.resolve("outer"), WatchMethod.Kind.NONE)) {
      assertThat(none.volume.method().kind()).isEqualTo(WatchMethod.Kind.NONE);
    }
    Path merged = Files.createDirectory(temporary.resolve("merged"));
    for (String name : new String[] {"lower", "upper", "work"}) {
      Files.createDirectory(base.resolve(name));
    }
    Command.run(
        "mount",
        "-t",
        "overlay",
        "overlay",
        "-o",
        "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work".formatted(base, base, base),
        merged.toString());
    try (WatchedTree overlay = watch(merged)) {
      assertThat(overlay.volume.method().kind()).isEqualTo(WatchMethod.Kind.INOTIFY);
      assertThat(overlay.volume.method().reason()).contains("fanotify");
      assertThat(overlay.hintsOf(() -> Files.writeString(merged.resolve("f"), "f")))
          .contains("closed f");
    } finally {
      Command.run("umount", merged.toString());
    }
  }

  @Test
  void a_volume_in_a_subvolume_of_btrfs_is_watched_where_the_top_is_mounted() throws Exception {
    try (Ground btrfs = Ground.loop(temporary, LoopFileSystem.Type.BTRFS)) {
      Command.run("btrfs", "subvolume", "create", btrfs.path() + "/sub");
      Files.writeString(btrfs.path().resolve("sub/f"), "f");
      try (WatchedTree top = watch(btrfs.path());
          WatchedTree sub = watch(btrfs.path().resolve("sub"))) {
        assertThat(top.hintsOf(() -> Files.writeString(btrfs.path().resolve("sub/f"), "q", APPEND)))
            .contains("closed sub/f");
        assertThat(sub.volume.method()).isEqualTo(WatchMethod.fanotify());
        assertThat(sub.sink.take()).contains("closed f");
        assertThat(
                top.hintsOf(() ->
                    Command.run(
                        "btrfs",
                        "subvolume",
                        "snapshot",
                        btrfs.path() + "/sub",
                        btrfs.path() + "/snap")))
            .contains("appeared snap");
      }
    }
  }

  @Test
  void draining_completes_at_once_while_nothing_happens_and_fails_after_the_end() throws Exception {
    watcher.drained().get(5, SECONDS);
    watcher.close();
    assertThat(watcher.drained().isCancelled()).isTrue();
  }
}
