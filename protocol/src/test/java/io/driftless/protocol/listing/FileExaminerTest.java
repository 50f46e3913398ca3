package io.driftless.protocol.listing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.FileExaminer.Depth;
import io.driftless.protocol.listing.FileExaminer.Held;
import io.driftless.protocol.pace.SimulatedTime;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileExaminerTest {
  private static final int BLOCK = 4096;
  private static final LongConsumer NOBODY = _ -> {};

  /** Ahead, so that what a test has just written counts as settled. */
  private final InstantSource clock = () -> Instant.now().plusSeconds(1);

  private final SimulatedTime time = new SimulatedTime();
  private final TokenBucket disk = new TokenBucket(time);
  private final FileExaminer examiner =
      new FileExaminer(new SeededHash(7), clock, new ContentReader(disk));
  @TempDir Path directory;
  private ConfinedRoot root;

  @BeforeEach
  void open() throws Exception {
    root = ConfinedRoot.open(directory.toString());
  }

  @AfterEach
  void close() {
    root.close();
    examiner.close();
  }

  private Held examine(String name, Depth depth, int block, LongConsumer progress)
      throws Exception {
    try (Directory top = root.open(TreePath.ROOT);
        Fd file = top.openForReading(Name.of(name))) {
      return examiner.examine(file, depth, block, progress);
    }
  }

  private Held examine(String name) throws Exception {
    return examine(name, Depth.CONTENT, BLOCK, NOBODY);
  }

  private static String sha(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  @Test
  void content_hashes_as_by_any_other_tool() throws Exception {
    var random = new SplittableRandom(5);
    for (int size : new int[] {0, 1, 4095, 1 << 20, (1 << 20) + 1, (3 << 20) + 17}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      Files.write(directory.resolve("f"), content);

      Held held = examine("f");

      assertThat(held.content()).as("%d bytes", size).hasToString(sha(content));
      assertThat(held.version()).isNotZero();
    }
  }

  @Test
  void holes_hash_as_zeros_and_show_in_the_layout() throws Exception {
    int size = 40 << 20;
    try (var file = new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
      file.setLength(size);
      file.seek(30 << 20);
      file.write(1);
    }
    byte[] content = new byte[size];
    content[30 << 20] = 1;
    Files.write(directory.resolve("dense"), content);

    Held sparse = examine("sparse");
    Held dense = examine("dense");

    assertThat(sparse.content()).isEqualTo(dense.content()).hasToString(sha(content));
    assertThat(sparse.layout()).isNotEqualTo(dense.layout());
    assertThat(dense.layout().extents()).isEqualTo(1);
    assertThat(dense.layout().dataBytes()).isEqualTo(size);
    assertThat(sparse.layout().dataBytes()).isLessThan(1 << 20);
  }

  @Test
  void layouts_that_differ_by_less_than_a_block_are_equal() throws Exception {
    for (String name : new String[] {"a", "b"}) {
      try (var file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
        file.setLength(8 << 20);
        file.seek(name.equals("a") ? 2 << 20 : (2 << 20) + 8192);
        file.write(1);
      }
    }

    assertThat(examine("a").layout()).isNotEqualTo(examine("b").layout());
    assertThat(examine("a", Depth.LAYOUT, 1 << 16, NOBODY).layout())
        .isEqualTo(examine("b", Depth.LAYOUT, 1 << 16, NOBODY).layout());
    assertThat(examine("a", Depth.LAYOUT, BLOCK, NOBODY).content()).isNull();
  }

  @Test
  void a_file_that_changes_while_it_is_read_has_no_hash() throws Exception {
    Path file = Files.write(directory.resolve("busy"), new byte[3 << 20]);

    Held held =
        examine(
            "busy",
            Depth.CONTENT,
            BLOCK,
            _ -> {
              try {
                Files.write(file, new byte[(3 << 20) + 1]);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    assertThat(held.version()).isZero();
    assertThat(held.content()).isNull();
    Files.write(file, new byte[] {1});
    assertThat(examine("busy").content()).hasToString(sha(new byte[] {1}));
  }

  @Test
  void it_reads_no_faster_than_the_disk_may_be_read_and_holes_cost_nothing() throws Exception {
    Files.write(directory.resolve("dense"), new byte[10 << 20]);
    try (var file = new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
      file.setLength(1L << 30);
      file.write(new byte[1 << 20]);
    }
    disk.limitTo(1 << 20);

    examine("dense");
    assertThat(time.nanos() / 1e9).isCloseTo(10, within(0.1));
    examine("sparse");
    assertThat(time.nanos() / 1e9).isCloseTo(11, within(0.2));
  }

  @Test
  void a_file_that_is_all_but_holes_is_summed_up_without_its_zeros_in_no_time() throws Exception {
    long size = (1L << 40) + 17;
    for (String name : new String[] {"a", "b"}) {
      try (var file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
        file.setLength(size);
        for (long at : new long[] {0, 1L << 36, size - 1}) {
          file.seek(at);
          file.write(7);
        }
      }
    }
    try (var file = new RandomAccessFile(directory.resolve("b").toFile(), "rw")) {
      file.seek(1L << 37);
      file.write(new byte[1 << 20]); // zeros, but no hole
    }
    var progress = new AtomicLong();

    Held held = examine("a", Depth.CONTENT, BLOCK, progress::addAndGet);

    ContentSum sum = requireNonNull(held.content());
    assertThat(sum.zeros()).isEqualTo(Zeros.SKIPPED);
    assertThat(progress).hasValue(size);
    assertThat(examine("b").content()).isEqualTo(sum);
    assertThat(examine("b").layout()).isNotEqualTo(held.layout());
    try (var file = new RandomAccessFile(directory.resolve("b").toFile(), "rw")) {
      file.seek(1L << 38);
      file.write(7);
    }
    assertThat(examine("b").content()).isNotEqualTo(sum);
  }

  @Test
  void a_sum_without_zeros_is_the_same_wherever_the_holes_are() throws Exception {
    int size = (3 << 20) + 5;
    byte[] content = new byte[size];
    for (int at : new int[] {5000, (1 << 20) - 1, 2 << 20, size - 1}) {
      content[at] = 1;
    }
    Files.write(directory.resolve("dense"), content);
    try (var file = new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
      file.setLength(size);
      for (int at : new int[] {5000, (1 << 20) - 1, 2 << 20, size - 1}) {
        file.seek(at);
        file.write(1);
      }
    }

    ContentSum dense = withoutZeros("dense");

    assertThat(withoutZeros("sparse")).isEqualTo(dense);
    assertThat(dense.hash()).hasToString(sha(blocks(content)));
    assertThat(dense).hasToString(dense.hash() + " without zeros");
  }

  private ContentSum withoutZeros(String name) throws Exception {
    try (Directory top = root.open(TreePath.ROOT);
        Fd file = top.openForReading(Name.of(name))) {
      return requireNonNull(examiner.examine(file, Zeros.SKIPPED, BLOCK, NOBODY).content());
    }
  }

  /** What is hashed, by the slow and obvious way. */
  private static byte[] blocks(byte[] content) throws Exception {
    var out = new ByteArrayOutputStream();
    for (int from = 0; from < content.length; from += BLOCK) {
      byte[] block = Arrays.copyOfRange(content, from, Math.min(content.length, from + BLOCK));
      if (!Arrays.equals(block, new byte[block.length])) {
        out.write(ByteBuffer.allocate(Long.BYTES).putLong(from).array());
        out.write(block);
      }
    }
    return out.toByteArray();
  }

  @Test
  void an_interruption_ends_the_waiting_for_a_disk_that_is_paused() throws Exception {
    Files.write(directory.resolve("f"), new byte[10]);
    disk.limitTo(0);
    time.whileAsleep(_ -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> examine("f")).isInstanceOf(InterruptedException.class);
  }

  @Test
  void an_interruption_ends_it() throws Exception {
    Files.write(directory.resolve("f"), new byte[10]);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> examine("f")).isInstanceOf(InterruptedException.class);
  }
}
