package io.driftless.protocol.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.AccessPattern;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Residency;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What reading leaves in the page cache, where the kernel helps and where it does not. */
@ParameterizedClass
@CsvSource({"EXT4, false", "EXT4, true", "BTRFS, false"})
final class ContentReaderIT {
  private static final int MEBIBYTE = 1 << 20;
  private static final int SIZE = 40 * MEBIBYTE + 1234;
  private static final int PIECE = 4096;
  private static final long WHOLE = SIZE / PIECE * PIECE + PIECE;

  private final LoopFileSystem.Type type;
  private final ContentReader reader;
  private final byte[] content = new byte[SIZE];
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment into = arena.allocate(MEBIBYTE);
  @TempDir java.nio.file.Path base;
  private LoopFileSystem disk;
  private ConfinedRoot root;
  private Fd file;

  ContentReaderIT(LoopFileSystem.Type type, boolean isOld) {
    this.type = type;
    this.reader =
        isOld
            ? ContentReader.ofOldKernel(TokenBucket.unlimited())
            : new ContentReader(TokenBucket.unlimited());
  }

  @BeforeEach
  void write() throws IOException {
    disk = LoopFileSystem.in(base, type);
    new SplittableRandom(20_261_129).nextBytes(content);
    Files.write(disk.root().resolve("file"), content);
    root = ConfinedRoot.open(disk.root().toString());
    file = open();
    file.sync();
    file.advise(0, 0, AccessPattern.DONT_NEED);
    assertThat(absentBytes(0, SIZE)).as("nothing is cached to begin with").isEqualTo(WHOLE);
  }

  private Fd open() throws LinuxException {
    try (Directory top = root.open(TreePath.ROOT)) {
      return top.openForReading(Name.of("file"));
    }
  }

  @AfterEach
  void unmount() throws IOException {
    arena.close();
    if (file != null) {
      file.close();
      root.close();
    }
    if (disk != null) {
      disk.close();
    }
  }

  private long absentBytes(long offset, long length) {
    return Residency.of(file, offset, length).absentBytes();
  }

  private void readAll() throws Exception {
    try (Fd other = open();
        ContentReader.Reading reading = reader.open(other, SIZE)) {
      for (int at = 0; at < SIZE; at += MEBIBYTE) {
        check(at, reading.read(at, into.address(), MEBIBYTE));
      }
    }
  }

  private void check(int at, int got) {
    int length = Math.min(MEBIBYTE, SIZE - at);
    assertThat(got).isEqualTo(length);
    assertThat(
            MemorySegment.mismatch(
                into, 0, length, MemorySegment.ofArray(content), at, at + length))
        .as("difference in the mebibyte at %d", at)
        .isEqualTo(-1);
  }

  @Test
  void a_file_that_was_not_cached_is_not_afterwards() throws Exception {
    readAll();

    assertThat(absentBytes(0, SIZE)).isEqualTo(WHOLE);
  }

  @Test
  void what_others_had_cached_stays() throws Exception {
    try (Fd other = open()) {
      other.advise(0, 0, AccessPattern.RANDOM);
      other.readAt(3 * MEBIBYTE, into.asSlice(0, 16 * PIECE));
      other.readAt(38 * MEBIBYTE, into);
    }

    readAll();

    assertThat(absentBytes(3 * MEBIBYTE, 16 * PIECE)).isZero();
    assertThat(absentBytes(38 * MEBIBYTE, MEBIBYTE)).isZero();
    assertThat(absentBytes(0, SIZE)).isEqualTo(WHOLE - 16 * PIECE - MEBIBYTE);
  }

  @Test
  void what_has_just_been_written_stays_and_is_read() throws Exception {
    Files.write(disk.root().resolve("file"), content);

    readAll();

    assertThat(absentBytes(0, SIZE)).isZero();
  }

  @Test
  void parts_that_several_threads_read_leave_nothing() throws Exception {
    Thread[] threads = new Thread[2];
    for (int i = 0; i < threads.length; i++) {
      int first = i;
      threads[i] = Thread.ofPlatform().start(() -> readParts(first, threads.length));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(absentBytes(0, SIZE)).isEqualTo(WHOLE);
  }

  private void readParts(int first, int step) {
    try (Arena own = Arena.ofConfined()) {
      MemorySegment memory = own.allocate(MEBIBYTE);
      for (int at = first * MEBIBYTE; at < SIZE; at += step * MEBIBYTE) {
        int end = Math.min(SIZE, at + MEBIBYTE);
        try (Fd other = open();
            ContentReader.Reading reading = reader.openPart(other, end)) {
          assertThat(reading.read(at, memory.address(), end - at)).isEqualTo(end - at);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_part_that_is_read_twice_is_cached_in_between_and_not_afterwards() throws Exception {
    try (Fd other = open()) {
      other.readAt(17 * MEBIBYTE, into.asSlice(0, PIECE));
      other.advise(0, 0, AccessPattern.DONT_NEED);
    }
    Residency before;
    try (Fd first = open()) {
      before = reader.note(first, 16 * MEBIBYTE, 2 * MEBIBYTE);
      for (int at = 16; at < 18; at++) {
        check(
            at * MEBIBYTE,
            reader.readAndKeep(first, (long) at * MEBIBYTE, into.address(), MEBIBYTE));
      }
      assertThat(absentBytes(16 * MEBIBYTE, 2 * MEBIBYTE)).isZero();
    }

    try (Fd second = open()) {
      before.restore(second);
    }

    assertThat(absentBytes(0, SIZE)).isEqualTo(WHOLE);
  }

  @Test
  void a_file_that_ends_early_is_read_to_its_end() throws Exception {
    Files.write(disk.root().resolve("file"), new byte[] {1, 2, 3});

    try (ContentReader.Reading reading = reader.open(file, SIZE)) {
      assertThat(reading.read(0, into.address(), MEBIBYTE)).isEqualTo(3);
      assertThat(reading.read(3, into.address(), MEBIBYTE)).isZero();
    }
    assertThat(into.asSlice(0, 3).toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
  }
}
