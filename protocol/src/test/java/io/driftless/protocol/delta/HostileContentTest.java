package io.driftless.protocol.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Content that somebody prepared so that the search takes for ever. */
@DisplayName("B12: content that somebody prepared")
final class HostileContentTest {
  private static final int BLOCK = BlockSize.LEAF_BYTES;
  private static final int MIB = 1024 * 1024;

  @Test
  @DisplayName("C29: equal blocks, shifted, match all")
  void equal_blocks() throws DeltaException {
    byte[] block = noise(BLOCK);
    byte[] basis = repeated(block, 4_000);
    byte[] wanted = new byte[basis.length];
    System.arraycopy(basis, 100, wanted, 0, basis.length - 100);
    wanted[BLOCK / 2]++;
    var exchange = new Exchange(basis, wanted);
    exchange.segmentBytes = 8 * MIB;
    exchange.blockBytes = BLOCK;

    assertThat(exchange.run()).isEqualTo(wanted);

    assertThat(exchange.literalBytes).isLessThan(6L * 2 * BLOCK);
    // Compared in vain in the first segment, and everywhere once more where the search matched.
    assertThat(exchange.sourceHash.contentBytes).isLessThan(3L * wanted.length);
  }

  @Test
  @DisplayName("C29: 40 000 equal blocks take less than a second, although no strong hash is equal")
  void equal_blocks_by_the_weak_hash_alone() {
    byte[] block = noise(BLOCK);
    var basis = new Range(0, 16L * MIB);
    int count = (int) (basis.length() / BLOCK);
    int[] weak = new int[count];
    Arrays.fill(weak, WeakHash.of(MemorySegment.ofArray(block), 0, BLOCK));
    var strong = new BlockHashes(basis, BlockSize.LEAF, new long[count]); // of nothing
    var index = new BlockIndex(new RollingSignature(strong, weak));
    var hash = Counting.strong();
    var search = new RollingSearch(index, hash, new DeltaWriter(0, 8, hash, bytes -> {}), null);
    var threads = ManagementFactory.getThreadMXBean();

    try (var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(MIB);
      MemorySegment.copy(repeated(block, MIB / BLOCK), 0, buffer, ValueLayout.JAVA_BYTE, 0, MIB);
      long start = threads.getCurrentThreadCpuTime();
      for (int blocks = 0; blocks < 40_000; blocks += MIB / BLOCK) {
        search.search(buffer, Stretch.GOES_ON);
      }
      assertThat(threads.getCurrentThreadCpuTime() - start).isLessThan(1_000_000_000L);
    }

    assertThat(hash.contentBytes).isLessThan(2L * 40_000 * BLOCK);
  }

  @Test
  @DisplayName("C29: equal weak hashes of different blocks cost a bounded number of strong ones")
  void equal_weak_hashes() throws DeltaException {
    byte[] basis = colliding(16 * MIB, 1);
    byte[] wanted = colliding(16 * MIB, 2);
    var exchange = new Exchange(basis, wanted);
    exchange.blockBytes = 64 * 1024;
    assertThat(weakHashes(basis)).as("the attack works").isEqualTo(1);

    assertThat(exchange.run()).isEqualTo(wanted);

    // Compared, searched in vain, and hashed as literals.
    assertThat(exchange.sourceHash.contentBytes).isLessThan(4L * wanted.length);
  }

  @Test
  @DisplayName("every position a candidate and none a match: hashed in vain at most once more")
  void a_signature_that_lies() throws DeltaException {
    int count = 1000;
    long[] strong = new SplittableRandom(3).longs(count).toArray();
    int[] weak = new int[count]; // the weak hash of zeros
    var basis = new Range(0, (long) count * BLOCK);
    var signature = new RollingSignature(new BlockHashes(basis, BlockSize.LEAF, strong), weak);
    byte[] zeros = new byte[8 * MIB];
    var hash = Counting.strong();
    var writer = new DeltaWriter(0, Delta.RUNS_MAX, hash, bytes -> {});
    var search = new RollingSearch(new BlockIndex(signature), hash, writer, null);

    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(zeros.length);
      search.search(bytes, Stretch.ENDS);
    }

    assertThat(writer.finish().runs()).containsExactly(new Run.Literal(zeros.length));
    assertThat(hash.contentBytes).isLessThan(2L * zeros.length + 17 * BLOCK);
  }

  @Test
  void weak_hashes_that_crowd_one_slot_do_not_slow_the_index_down() {
    int count = RollingSignature.BLOCKS_MAX;
    int[] weak = new int[count];
    int inverse = inverseOf(0x85EB_CA6B);
    for (int i = 0; i < count; i++) {
      weak[i] = i * inverse; // all of them begin in the first slot
    }
    var basis = new Range(0, (long) count * BLOCK);
    var signature =
        new RollingSignature(new BlockHashes(basis, BlockSize.LEAF, new long[count]), weak);

    var index = new BlockIndex(signature);

    assertThat(Arrays.stream(weak).filter(hash -> index.first(hash) >= 0).count())
        .isEqualTo(BlockIndex.PROBES_MAX);
  }

  @Test
  @DisplayName("a delta of more runs than are allowed goes on with literals")
  void too_many_runs() {
    var content = MemorySegment.ofArray(noise(32 * BLOCK));
    var range = new Range(0, content.byteSize());
    var hash = Counting.strong();
    var leaves = new LeafHashes(range, hash);
    leaves.hash(0, content);
    var parts = new ArrayDeque<Part>();
    for (int i = 0; i < 32; i++) {
      var treatment = i % 2 == 0 ? Part.Treatment.LITERAL : Part.Treatment.MATCHED;
      parts.add(new Part(new Range((long) i * BLOCK, BLOCK), treatment));
    }
    var writer = new DeltaWriter(0, 8, hash, bytes -> {});
    var encoder = new SegmentEncoder(parts, 0, leaves, writer, null);

    while (encoder.wanted().isPresent()) {
      Range wanted = encoder.wanted().get();
      encoder.feed(content.asSlice(wanted.from(), wanted.length()), Stretch.ENDS);
    }

    Delta delta = encoder.finish();
    assertThat(delta.covered()).isEqualTo(range);
    assertThat(delta.runs()).hasSize(7).last().isEqualTo(new Run.Literal(26L * BLOCK));
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] repeated(byte[] block, int times) {
    byte[] result = new byte[block.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(block, 0, result, i * block.length, block.length);
    }
    return result;
  }

  /**
   * The Thue-Morse sequence and its complement, at random: equal under every polynomial modulo a
   * power of two.
   */
  private static byte[] colliding(int length, long seed) {
    var random = new SplittableRandom(seed);
    byte[] result = new byte[length];
    for (int at = 0; at < length; at += 1024) {
      int flip = random.nextInt(2);
      for (int i = 0; i < 1024; i++) {
        result[at + i] = (byte) ((Integer.bitCount(i) + flip) & 1);
      }
    }
    return result;
  }

  private static long weakHashes(byte[] content) {
    var bytes = MemorySegment.ofArray(content);
    int block = 16 * 1024;
    return IntStream.range(0, content.length / block)
        .map(i -> WeakHash.of(bytes, (long) i * block, block))
        .distinct()
        .count();
  }

  /** The inverse of an odd number modulo 2^32, by Newton's method. */
  private static int inverseOf(int odd) {
    int inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
