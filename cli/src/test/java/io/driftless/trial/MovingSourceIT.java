package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sources that change under the hands of passes, in ways that are hard to see. */
final class MovingSourceIT extends TwoTrees {
  private static final long SEED = 20_261_131;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FILES = 30;
  private static final int ROUNDS = 6;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr", "mkfs.ext4");
  }

  private static JsonObject end(AgentControl control, long pass) {
    JsonObject report = control.await(pass, PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isIn("done", "problems");
    return report;
  }

  private static void requireExact(AgentControl control, Path from, Path to) {
    JsonObject report = control.await(control.requestSync(), PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
    Judge.assertAlike(from, to);
  }

  @Test
  @DisplayName("C53, C57: files are replaced and edited while passes read them; the next is exact")
  void files_are_replaced_and_edited_meanwhile() throws Exception {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target);
        var mover = new Mover(source, Files.createDirectory(scratch.resolve("outside")))) {
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      requireExact(control, source, target);
      for (int round = 1; round <= ROUNDS; round++) {
        long begun = mover.steps();
        mover.go();
        Awaitility.await().atMost(PATIENCE).until(() -> mover.steps() > begun + 20);
        requireWhole(control, control.requestSync());
        long last = control.requestSync();
        TimeUnit.MICROSECONDS.sleep(mover.random().nextInt(100_000)); // wherever the pass is then
        mover.stop();
        requireWhole(control, last);

        requireExact(control, source, target);
      }
    }
  }

  /** Small files are never mixed. */
  private void requireWhole(AgentControl control, long pass) throws IOException {
    end(control, pass);
    for (int i = 0; i < FILES; i++) {
      byte[] content = Files.readAllBytes(target.resolve("replaced/f" + i));
      byte[] whole = new byte[content.length];
      Arrays.fill(whole, content[0]);
      assertThat(Arrays.equals(content, whole)).as("seed %d, f%d", SEED, i).isTrue();
    }
  }

  /**
   * Replaces files by rename, exchanges a file and a directory, and edits files in place and puts
   * their times back; in a thread of its own, while it is told to.
   */
  private static final class Mover implements AutoCloseable {
    private static final int EDITED_BYTES = 3000;
    private static final int LARGE_BYTES = 2 << 20;

    private final Path root;
    private final Path outside;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ConfinedRoot confined;
    private final Thread thread = Thread.ofPlatform().name("mover").unstarted(this::run);
    private final Object turn = new Object();
    private volatile boolean moving;
    private volatile boolean closed;
    private volatile long steps;
    private volatile @Nullable Throwable failure;

    Mover(Path root, Path outside) throws IOException {
      this.root = root;
      this.outside = outside;
      this.confined = ConfinedRoot.open(root.toString());
      Files.createDirectory(root.resolve("replaced"));
      Files.createDirectory(root.resolve("edited"));
      Files.createDirectories(root.resolve("exchanged/one"));
      Files.writeString(root.resolve("exchanged/one/inside"), "x");
      Files.writeString(root.resolve("exchanged/other"), "y");
      for (int i = 0; i < FILES; i++) {
        replace(root.resolve("replaced/f" + i), 1 + random.nextInt(60_000));
        Files.write(root.resolve("edited/f" + i), new byte[EDITED_BYTES]);
      }
      replace(root.resolve("large"), LARGE_BYTES);
      Files.write(root.resolve("edited/large"), new byte[LARGE_BYTES]);
      thread.start();
    }

    SplittableRandom random() {
      return new SplittableRandom(SEED + steps);
    }

    long steps() {
      assertThat(failure).isNull();
      return steps;
    }

    void go() {
      moving = true;
    }

    /** After this nothing changes any more. */
    void stop() {
      moving = false;
      synchronized (turn) {
        assertThat(failure).isNull();
      }
    }

    private void run() {
      try {
        while (!closed) {
          synchronized (turn) {
            if (moving) {
              step();
            }
          }
          TimeUnit.MICROSECONDS.sleep(300);
        }
      } catch (IOException | InterruptedException | RuntimeException e) {
        failure = e;
      }
    }

    private void step() throws IOException {
      steps++;
      int file = random.nextInt(FILES);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> replace(root.resolve("replaced/f" + file), 1 + random.nextInt(60_000));
        case 3, 4, 5 -> edit(root.resolve("edited/f" + file), EDITED_BYTES);
        case 6 -> exchange();
        default -> large();
      }
    }

    private void large() throws IOException {
      if (steps % 20 == 0) {
        replace(root.resolve("large"), LARGE_BYTES + random.nextInt(1000));
      } else {
        edit(root.resolve("edited/large"), LARGE_BYTES);
      }
    }

    private void replace(Path file, int bytes) throws IOException {
      byte[] content = new byte[bytes];
      Arrays.fill(content, (byte) random.nextInt());
      Path next = Files.write(outside.resolve("next"), content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void edit(Path file, int bytes) throws IOException {
      FileTime modified = Files.getLastModifiedTime(file);
      try (var open = new RandomAccessFile(file.toFile(), "rw")) {
        open.seek(random.nextInt(bytes));
        open.write(random.nextInt(256));
      }
      Files.setLastModifiedTime(file, modified);
    }

    private void exchange() throws IOException {
      try (Directory directory = confined.open(TreePath.of("exchanged"))) {
        directory.rename(Name.of("one"), directory, Name.of("other"), RenameMode.EXCHANGE);
      }
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
      confined.close();
    }
  }

  @Test
  @DisplayName("C57: edits within one second, where times have no fractions, are found, each time")
  void edits_within_one_second() throws Exception {
    try (LoopFileSystem disk = withoutFractions()) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path file = Files.write(from.resolve("file"), new byte[] {0});
      Files.write(from.resolve("large"), new byte[2 << 20]);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, target)) {
        AgentControl control = AgentControl.ofSource(hosts.sourceHome());
        requireExact(control, from, target);
        int alike = 0;
        for (int round = 1; alike < 3; round++) {
          assertThat(round).as("rounds").isLessThan(20);
          FileTime before = edit(from, round);
          requireExact(control, from, target);
          FileTime after = edit(from, -round);
          requireExact(control, from, target);
          alike += after.equals(before) ? 1 : 0;
          assertThat(Files.readAllBytes(target.resolve("file"))).containsExactly(-round);
        }
        assertThat(Files.getLastModifiedTime(file).toMillis() % 1000).isZero();
      }
    }
  }

  private static FileTime edit(Path from, int value) throws IOException {
    for (String name : new String[] {"file", "large"}) {
      try (var open = new RandomAccessFile(from.resolve(name).toFile(), "rw")) {
        open.write(value);
      }
    }
    return (FileTime) Files.getAttribute(from.resolve("file"), "unix:ctime");
  }

  /** Inodes of 128 bytes have no room for nanoseconds. */
  private LoopFileSystem withoutFractions() throws IOException {
    LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4, 64);
    disk.unmount();
    new Shell(scratch).output("mkfs.ext4", "-q", "-F", "-I", "128", disk.image().toString());
    disk.mount();
    return disk;
  }
}
