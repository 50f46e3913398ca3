package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody swaps directories and files with links that lead outside, while passes run over them.
 */
@DisplayName("B3, B4: flipped under a running pass")
final class FlippedVolumeIT {
  private static final long BUDGET_NANOS = 3_000_000_000L;

  @TempDir Path outer;

  private static void flip(Directory in, String one, String other, AtomicBoolean going) {
    while (going.get()) {
      try {
        in.rename(Name.of(one), in, Name.of(other), RenameMode.EXCHANGE);
      } catch (LinuxException e) {
        // One of them is away just now.
      }
    }
  }

  private static Map<String, Object> facts(Path below) throws Exception {
    var facts = new TreeMap<String, Object>();
    try (Stream<Path> all = Files.walk(below)) {
      for (Path path : all.toList()) {
        facts.put(
            path.toString(),
            Files.readAttributes(
                    path,
                    "unix:ino,mode,uid,gid,nlink,size,lastModifiedTime,ctime",
                    LinkOption.NOFOLLOW_LINKS)
                .toString());
      }
    }
    return facts;
  }

  @Test
  void nothing_outside_is_ever_touched() throws Exception {
    Path outside = Files.createDirectories(outer.resolve("outside"));
    Files.createDirectories(outside.resolve("sub"));
    Files.writeString(outside.resolve("f"), "canary");
    Files.writeString(outside.resolve("sub/g"), "canary");
    Path root = Files.createDirectory(outer.resolve("root"));
    Files.createDirectories(root.resolve("p/d/sub"));
    Files.createSymbolicLink(root.resolve("p/bait"), outside);
    Files.writeString(root.resolve("p/d/f"), "old");
    Files.createSymbolicLink(root.resolve("p/d/f-bait"), outside.resolve("f"));
    Map<String, Object> before = facts(outside);
    var going = new AtomicBoolean(true);
    try (ConfinedRoot opened = ConfinedRoot.open(root.toString());
        Directory parent = opened.open(TreePath.of("p"));
        Directory child = opened.open(TreePath.of("p/d"))) {
      Thread directories = Thread.ofPlatform().start(() -> flip(parent, "d", "bait", going));
      Thread files = Thread.ofPlatform().start(() -> flip(child, "f", "f-bait", going));
      try {
        runPasses(root);
      } finally {
        going.set(false);
        directories.join();
        files.join();
      }
    }
    assertThat(facts(outside)).isEqualTo(before);
  }

  private static void runPasses(Path root) throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      replica.source.deletes = Deletes.ALLOWED;
      long end = System.nanoTime() + BUDGET_NANOS;
      for (int round = 0; System.nanoTime() < end; round++) {
        change(replica.tree(), round);
        replica.pass();
      }
    }
  }

  private static void change(MemoryTree tree, int round) {
    tree.remove("p").directory("p").directory("p/d").directory("p/d/sub");
    tree.file("p/d/f", "content " + round % 3).mode("p/d/f", 0600 + round % 64);
    tree.owned("p/d/f", round % 5, round % 7).modified("p/d/f", round / 2, 1);
    tree.file("p/d/sub/g", "g" + round).modified("p/d", round, 1).mode("p/d", 0700 + round % 8);
    switch (round % 3) {
      case 0 -> tree.symlink("p/d/other", "x").file("p/d/h", "h").linked("p/d/f", "p/d/l");
      case 1 -> tree.special("p/d/other", Kind.FIFO, 0).attribute("p/d/f", "user.a", new byte[1]);
      default -> tree.directory("p/d/other").file("p/d/other/in", "in");
    }
  }
}
