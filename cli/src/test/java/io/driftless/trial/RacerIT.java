package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Somebody local swaps directories for symbolic links while a tree is copied. */
final class RacerIT extends TwoTrees {
  private static final long SEED = 20_261_103;
  private static final int FILES = 12_000;

  private Path outside;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    outside = Files.createDirectory(scratch.resolve("outside"));
    SmallFiles.fill(source, FILES, SEED);
  }

  @Test
  @DisplayName("B2, B3: a racer on the target can't lead a seed out of the volume")
  void a_racer_on_the_target_cannot_lead_a_seed_outside() throws Exception {
    Files.writeString(outside.resolve("canary"), "untouched");
    String before = listing(outside);
    Files.createDirectories(target.resolve("d0"));
    Files.createSymbolicLink(target.resolve("trap"), outside);

    long swaps;
    try (var racer = Racer.start(target, "d0", "trap")) {
      program.run("copy", source.toString(), target.toString());
      swaps = racer.swaps();
    }

    assertThat(swaps).as("the racer raced").isGreaterThan(100);
    assertThat(listing(outside)).isEqualTo(before);
  }

  @Test
  @DisplayName(
      "B6: a racer on the source can't make the agent read what lies outside of the volume")
  void a_racer_on_the_source_cannot_have_secrets_read() throws Exception {
    String secret = "the-secret-of-another-user";
    Path trap = Files.createDirectories(outside.resolve("e0"));
    for (int i = 0; i < 200; i++) {
      Files.writeString(trap.resolve("f" + i), secret);
    }
    Files.createSymbolicLink(source.resolve("trap"), outside);

    long swaps;
    try (var racer = Racer.start(source, "d0", "trap")) {
      program.run("copy", source.toString(), target.toString());
      swaps = racer.swaps();
    }

    assertThat(swaps).as("the racer raced").isGreaterThan(100);
    assertThat(new Shell(target).run("grep", "-r", "-l", secret, ".").output()).isEmpty();
  }

  private static String listing(Path directory) {
    return new Shell(directory)
        .output(
            "bash", "-c", "find . -printf '%p %i %s %m %U %G %T@ %C@ %l\\n' | sort; cat canary");
  }

  /** Exchanges two names of a directory as fast as it can, until it is closed. */
  private static final class Racer implements AutoCloseable {
    private final ConfinedRoot root;
    private final Thread thread;
    private final AtomicLong swaps = new AtomicLong();
    private volatile boolean closed;

    private Racer(Path directory, String one, String other) throws LinuxException {
      root = ConfinedRoot.open(directory.toString().getBytes(UTF_8));
      thread =
          Thread.ofPlatform().name("racer").unstarted(() -> race(Name.of(one), Name.of(other)));
    }

    static Racer start(Path directory, String one, String other) throws LinuxException {
      var racer = new Racer(directory, one, other);
      racer.thread.start();
      return racer;
    }

    private void race(Name one, Name other) {
      while (!closed) {
        try (Directory directory = root.open(TreePath.ROOT)) {
          directory.rename(one, directory, other, RenameMode.EXCHANGE);
          swaps.incrementAndGet();
        } catch (LinuxException e) {
          Thread.onSpinWait(); // one of the two is just being replaced
        }
      }
    }

    long swaps() {
      return swaps.get();
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
      root.close();
    }
  }
}
