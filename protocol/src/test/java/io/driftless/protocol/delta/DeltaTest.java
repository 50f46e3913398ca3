package io.driftless.protocol.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a delta costs, and that it leads to the new version. */
final class DeltaTest {
  private static final int MIB = 1024 * 1024;
  private static final int BLOCK = 16 * 1024;

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    byte[] result = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, result, at, part.length);
      at += part.length;
    }
    return result;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static Exchange carried(byte[] basis, byte[] wanted) throws DeltaException {
    var exchange = new Exchange(basis, wanted);
    exchange.blockBytes = BLOCK;
    assertThat(exchange.run()).isEqualTo(wanted);
    assertThat(exchange.literalBytes + exchange.matchedBytes).isEqualTo(wanted.length);
    return exchange;
  }

  @Test
  @DisplayName("C27: an empty version of an empty basis is nothing")
  void both_empty() throws DeltaException {
    assertThat(carried(new byte[0], new byte[0]).deltas).isEmpty();
  }

  @Test
  @DisplayName("C27: an empty version of anything is nothing")
  void the_new_one_is_empty() throws DeltaException {
    assertThat(carried(noise(10_000, 1), new byte[0]).deltas).isEmpty();
  }

  @Test
  @DisplayName("C27: without a basis everything is one literal a segment, and nothing is asked")
  void the_basis_is_empty() throws DeltaException {
    var exchange = carried(new byte[0], noise(100_003, 1));

    assertThat(exchange.literalBytes).isEqualTo(100_003);
    assertThat(exchange.hashBytesSent).isZero();
    assertThat(exchange.refinements).isZero();
    assertThat(exchange.deltas.getFirst().runs()).containsExactly(new Run.Literal(100_003));
    assertThat(exchange.sourceHash.contentBytes).isLessThanOrEqualTo(100_003);
  }

  @Test
  @DisplayName("C27: the same is one match a segment, hashed once on either side")
  void the_same() throws DeltaException {
    byte[] bytes = noise(6 * MIB + 1237, 1);

    var exchange = carried(bytes, bytes);

    assertThat(exchange.literalBytes).isZero();
    assertThat(exchange.deltas).allSatisfy(delta -> assertThat(delta.runs()).hasSize(1));
    assertThat(exchange.refinements).isZero();
    assertThat(exchange.sourceHash.contentBytes).isEqualTo(bytes.length);
    assertThat(exchange.targetHash.contentBytes).isEqualTo(bytes.length);
  }

  @Test
  @DisplayName("C27: one changed byte costs a leaf, and no byte is hashed twice on the source")
  void one_mutation() throws DeltaException {
    byte[] basis = noise(16 * MIB, 1);
    byte[] wanted = basis.clone();
    wanted[9 * MIB + 5]++;

    var exchange = carried(basis, wanted);

    assertThat(exchange.literalBytes).isEqualTo(BlockSize.LEAF_BYTES);
    assertThat(exchange.refinements).isEqualTo(1);
    assertThat(exchange.windows).isZero();
    assertThat(exchange.hashBytesSent).isEqualTo(8 * (16 * MIB / BLOCK + 4));
    assertThat(exchange.sourceHash.contentBytes).isEqualTo(wanted.length);
    assertThat(exchange.targetHash.contentBytes)
        .isEqualTo(basis.length + BlockSize.LEAF_BYTES); // the literal is hashed as it arrives
    assertThat(exchange.deltas.get(2).runs()).hasSize(3);
  }

  @Test
  @DisplayName("C27: two mutations in one block are two leaves")
  void two_mutations() throws DeltaException {
    byte[] basis = noise(16 * MIB, 1);
    byte[] wanted = basis.clone();
    wanted[9 * MIB]++;
    wanted[9 * MIB + BLOCK - 1]++;

    var exchange = carried(basis, wanted);

    assertThat(exchange.literalBytes).isEqualTo(2L * BlockSize.LEAF_BYTES);
    assertThat(exchange.refinements).isEqualTo(1);
  }

  @Test
  @DisplayName("C27: a byte at the front is found out once; the segments after it know")
  void prepended_byte() throws DeltaException {
    byte[] basis = noise(12 * MIB, 1);
    byte[] wanted = joined(new byte[] {1}, basis);

    var exchange = carried(basis, wanted);

    // The first segment ends in the middle of a block.
    assertThat(exchange.literalBytes).isLessThanOrEqualTo(1 + 2L * BlockSize.LEAF_BYTES);
    assertThat(exchange.windows).isEqualTo(1);
    assertThat(exchange.refinements).isEqualTo(1);
    // All that was compared in vain is the first segment.
    assertThat(exchange.sourceHash.contentBytes)
        .isLessThanOrEqualTo(wanted.length + exchange.segmentBytes);
    assertThat(exchange.targetHash.contentBytes)
        .isLessThanOrEqualTo(2L * basis.length + exchange.literalBytes);
  }

  @Test
  @DisplayName("C27: what was appended is literal, what was there is not, the short block included")
  void append() throws DeltaException {
    byte[] basis = noise(3 * MIB + 777, 1);

    var exchange = carried(basis, joined(basis, noise(MIB, 2)));

    assertThat(exchange.literalBytes).isEqualTo(MIB);
    assertThat(exchange.windows).isZero();
  }

  @Test
  @DisplayName("C27: truncated on and off the border of a block")
  void truncated() throws DeltaException {
    byte[] basis = noise(3 * MIB, 1);

    assertThat(carried(basis, slice(basis, 0, 2 * MIB)).literalBytes).isZero();
    assertThat(carried(basis, slice(basis, 0, 2 * MIB + 1)).literalBytes).isZero();
    assertThat(carried(basis, slice(basis, 0, 2 * MIB - 1)).literalBytes).isZero();
    assertThat(carried(basis, slice(basis, 0, 5)).literalBytes).isZero();
  }

  @Test
  @DisplayName("C27, C35: entirely different costs the content and little more")
  void entirely_different() throws DeltaException {
    byte[] wanted = noise(16 * MIB, 2);

    var exchange = carried(noise(16 * MIB, 1), wanted);

    assertThat(exchange.literalBytes).isEqualTo(wanted.length);
    assertThat(exchange.hashBytesSent).isLessThan(wanted.length / 64);
    assertThat(exchange.windows).isLessThanOrEqualTo(3);
    assertThat(exchange.sourceHash.contentBytes).isLessThan(wanted.length * 2L);
    assertThat(exchange.deltas).allSatisfy(delta -> assertThat(delta.runs()).hasSize(1));
  }

  @Test
  @DisplayName("C28: files around the size of a block, with tails of prime length")
  void around_a_block() throws DeltaException {
    int[] sizes = {1, 7, 4093, 4095, 4096, 4097, 4099, 8191, 8192, 8209, 65_521, 65_536, 65_537};
    for (int size : sizes) {
      byte[] basis = noise(size, size);
      assertThat(carried(basis, basis).literalBytes).isZero();
      byte[] wanted = joined(basis, new byte[] {3});
      assertThat(carried(basis, wanted).literalBytes).isEqualTo(1);
      wanted = basis.clone();
      wanted[size - 1]++;
      assertThat(carried(basis, wanted).literalBytes).isLessThanOrEqualTo(4096);
    }
  }

  @Test
  @DisplayName("C28: blocks of every size")
  void every_block_size() throws DeltaException {
    byte[] basis = noise(5 * MIB + 13, 1);
    byte[] wanted =
        joined(slice(basis, 0, 3 * MIB + 3), noise(77, 2), slice(basis, 3 * MIB, 5 * MIB));
    for (int block = BlockSize.LEAF_BYTES; block <= BlockSize.BYTES_MAX; block *= 2) {
      var exchange = new Exchange(basis, wanted);
      exchange.blockBytes = block;
      assertThat(exchange.run()).as("blocks of %d", block).isEqualTo(wanted);
      assertThat(exchange.literalBytes).as("blocks of %d", block).isLessThan(4L * block + 4096);
    }
  }

  @Test
  @DisplayName("C31: an insertion in the middle; content before and after it matches")
  void insertion_in_the_middle() throws DeltaException {
    byte[] basis = noise(12 * MIB, 1);
    byte[] wanted =
        joined(slice(basis, 0, 5 * MIB), noise(1000, 2), slice(basis, 5 * MIB, 12 * MIB));

    var exchange = carried(basis, wanted);

    assertThat(exchange.literalBytes).isLessThan(1000 + 4L * exchange.blockBytes);
    assertThat(exchange.windows).isLessThanOrEqualTo(2);
  }

  @Test
  @DisplayName("C31: a deletion")
  void deletion() throws DeltaException {
    byte[] basis = noise(12 * MIB, 1);
    byte[] wanted = joined(slice(basis, 0, 5 * MIB), slice(basis, 5 * MIB + 12_345, 12 * MIB));

    assertThat(carried(basis, wanted).literalBytes).isLessThan(4L * BLOCK);
  }

  @Test
  @DisplayName("C31: a shift by less and by more than the search reaches at first")
  void far_shifts() throws DeltaException {
    byte[] basis = noise(16 * MIB, 1);
    for (int inserted : new int[] {6 * MIB + 11, 18 * MIB + 17}) {
      var exchange = carried(basis, joined(noise(inserted, 2), basis));
      assertThat(exchange.literalBytes)
          .as("%d inserted", inserted)
          .isLessThan(inserted + 10L * MIB);
    }
  }

  @Test
  @DisplayName("C31: shuffled and doubled blocks are found")
  void shuffled_and_doubled() throws DeltaException {
    byte[] basis = noise(4 * MIB, 1);
    byte[][] parts = new byte[16][];
    var random = new SplittableRandom(3);
    for (int i = 0; i < parts.length; i++) {
      int from = random.nextInt(16) * 256 * 1024;
      parts[i] = slice(basis, from, from + 256 * 1024);
    }

    assertThat(carried(basis, joined(parts)).literalBytes).isZero();
  }

  @Test
  @DisplayName("C30: zeros match zeros, shifted or not, as one run")
  void zeros() throws DeltaException {
    byte[] basis = new byte[8 * MIB];
    byte[] wanted = joined(noise(100, 1), new byte[8 * MIB]);

    var exchange = carried(basis, wanted);

    assertThat(exchange.literalBytes).isLessThan(100 + 3L * 4096);
  }

  @Test
  @DisplayName(
      "scattered small changes in every block are edits in place, and not searched for long")
  void dense_small_changes() throws DeltaException {
    byte[] basis = noise(16 * MIB, 1);
    byte[] wanted = basis.clone();
    for (int at = 0; at < wanted.length; at += BLOCK) {
      wanted[at]++;
    }
    var exchange = carried(basis, wanted);

    assertThat(exchange.literalBytes).isEqualTo(wanted.length / 4);
    assertThat(exchange.windows).isLessThanOrEqualTo(4);
  }

  @Test
  void the_bytes_held_at_once_do_not_grow_with_the_file() throws DeltaException {
    byte[] basis = noise(12 * MIB, 1);

    var exchange = carried(basis, joined(noise(9, 2), basis));

    assertThat(exchange.bufferBytesMax).isEqualTo(Exchange.BUFFER_BYTES);
  }

  @Test
  @DisplayName("C33: buffers at any address lead to the same delta")
  void unaligned_buffers() throws DeltaException {
    byte[] basis = noise(3 * MIB + 5, 1);
    byte[] wanted = joined(slice(basis, 0, MIB), noise(3, 2), slice(basis, MIB, 3 * MIB + 5));
    var reference = carried(basis, wanted);
    for (int misalignment = 0; misalignment < 8; misalignment++) {
      var exchange = new Exchange(basis, wanted);
      exchange.misalignment = misalignment;
      exchange.blockBytes = BLOCK;
      assertThat(exchange.run()).isEqualTo(wanted);
      assertThat(exchange.deltas).isEqualTo(reference.deltas);
    }
  }
}
