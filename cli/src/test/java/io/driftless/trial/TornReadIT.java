package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever reads a file on the target while passes replace it gets one version of it. */
final class TornReadIT extends TwoTrees {
  private static final long SEED = 20_261_130;
  private static final int MIB = 1 << 20;
  private static final int PAGE = 4096;
  private static final int PAGES_CHANGED = 40;
  private static final int ROUNDS = 8;
  private static final int ROUNDS_MAX = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String SMALL = "small";

  /** Too short to be changed in place. */
  private static final String REBUILT = "rebuilt";

  private static final String PATCHED = "patched";

  private final SplittableRandom random = new SplittableRandom(SEED);
  private LoopFileSystem disk;
  private TwoHosts hosts;
  private WholeReads reader;
  private byte[] rebuilt = bytes(3 * MIB);
  private final byte[] patched = bytes(9 * MIB);

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr");
    disk = LoopFileSystem.in(scratch, Type.EXT4, 96);
    target = Files.createDirectory(disk.root().resolve("tree"));
    hosts = TwoHosts.start(program, scratch, source, target);
    reader = new WholeReads(target, List.of(SMALL, REBUILT, PATCHED), SEED);
  }

  @AfterEach
  @Override
  void cleanUp() {
    try {
      reader.close();
      hosts.close();
      super.cleanUp();
      disk.close();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private void writeNextVersions() throws IOException {
    write(SMALL, bytes(1 + random.nextInt(50_000)));
    rebuilt = shifted(rebuilt);
    changePages(rebuilt);
    write(REBUILT, rebuilt);
    changePages(patched);
    write(PATCHED, patched);
  }

  private byte[] shifted(byte[] content) {
    byte[] front = bytes(1 + random.nextInt(100));
    byte[] longer = Arrays.copyOf(front, front.length + content.length);
    System.arraycopy(content, 0, longer, front.length, content.length);
    return longer;
  }

  private void changePages(byte[] content) {
    for (int i = 0; i < PAGES_CHANGED; i++) {
      byte[] page = bytes(PAGE);
      int at = random.nextInt(content.length / PAGE) * PAGE;
      System.arraycopy(page, 0, content, at, PAGE);
    }
  }

  private void write(String name, byte[] content) throws IOException {
    reader.add(name, content);
    Files.write(source.resolve(name), content);
  }

  private void sync() {
    AgentControl control = AgentControl.ofSource(hosts.sourceHome());
    JsonObject report = control.await(control.requestSync(), PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
    assertThat(reader.complaint()).as("seed %d, after %d reads", SEED, reader.count()).isNull();
  }

  private Object inode() throws IOException {
    return Files.getAttribute(target.resolve(PATCHED), "unix:ino");
  }

  @Test
  @DisplayName("C40: a reader never sees a torn file: small, rebuilt, or changed in place on ext4")
  void a_reader_never_sees_a_torn_file() throws IOException {
    writeNextVersions();
    sync();
    reader.start();
    changeUntilSomeWereInPlace();
    changeWhileItIsOpen();
    Judge.assertAlike(source, target);
  }

  /** Whether a file is open just then is up to the reader; what it must not see is the same. */
  private void changeUntilSomeWereInPlace() throws IOException {
    int inPlace = 0;
    for (int round = 1; round <= ROUNDS || inPlace < 2; round++) {
      assertThat(round).as("rounds, %d of them in place", inPlace).isLessThan(ROUNDS_MAX);
      Object before = inode();
      writeNextVersions();
      sync();
      inPlace += inode().equals(before) ? 1 : 0;
    }
    assertThat(reader.count()).as("reads").isGreaterThan(50);
  }

  /** Who has opened the old version reads it to its end. */
  private void changeWhileItIsOpen() throws IOException {
    byte[] before = patched.clone();
    Object inode = inode();
    try (InputStream open = Files.newInputStream(target.resolve(PATCHED))) {
      byte[] half = open.readNBytes(before.length / 2);
      writeNextVersions();
      sync();
      byte[] rest = open.readAllBytes();

      assertThat(inode()).isNotEqualTo(inode);
      assertThat(Arrays.equals(half, Arrays.copyOf(before, half.length))).isTrue();
      assertThat(Arrays.equals(rest, Arrays.copyOfRange(before, half.length, before.length)))
          .isTrue();
    }
  }
}
