package io.driftless.protocol.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever is done to a file: the patch of the delta of the signature is the new version. */
final class RandomEditsTest {
  private static final int ROUNDS = 300;

  @Test
  @DisplayName("C34: patch(base, delta(sig(base), t)) = t")
  void every_edit_comes_over() throws DeltaException {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = new SplittableRandom().nextLong();
      var random = new SplittableRandom(seed);
      byte[] basis = content(random, random.nextInt(1 << (6 + random.nextInt(14))));
      byte[] wanted = edited(basis, random);
      var exchange = new Exchange(basis, wanted);
      exchange.segmentBytes = BlockSize.LEAF_BYTES << random.nextInt(8);
      exchange.blockBytes = BlockSize.LEAF_BYTES << random.nextInt(5);
      exchange.misalignment = random.nextInt(8);

      byte[] made = exchange.run();

      assertThat(made).as("seed %d", seed).isEqualTo(wanted);
      assertThat(exchange.literalBytes + exchange.matchedBytes)
          .as("seed %d", seed)
          .isEqualTo(wanted.length);
    }
  }

  @Test
  @DisplayName("C32: where strong hashes collide, the digest tells; never a wrong byte")
  void collisions_are_caught() {
    int caught = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = new SplittableRandom().nextLong();
      var random = new SplittableRandom(seed);
      byte[] basis = content(random, 200_000);
      byte[] wanted = edited(basis, random);
      long mask = random.nextInt(8);
      var exchange = new Exchange(basis, wanted, new Counting(1, mask), new Counting(1, mask));
      try {
        assertThat(exchange.run()).as("seed %d", seed).isEqualTo(wanted);
      } catch (DeltaException e) {
        assertThat(e).as("seed %d", seed).isInstanceOf(DeltaException.Mismatch.class);
        caught++;
      }
    }
    assertThat(caught).isPositive();
  }

  private static byte[] content(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    int variety = 1 + random.nextInt(255);
    int constant = random.nextInt(3);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (constant == 0 ? i / 5000 : random.nextInt(variety));
    }
    return bytes;
  }

  private static byte[] edited(byte[] basis, SplittableRandom random) {
    byte[] bytes = basis.clone();
    int edits = random.nextInt(6);
    for (int i = 0; i < edits; i++) {
      bytes = edit(bytes, random);
    }
    return bytes;
  }

  private static byte[] edit(byte[] bytes, SplittableRandom random) {
    int from = random.nextInt(bytes.length + 1);
    int to = from + random.nextInt(bytes.length - from + 1);
    int few = Math.min(to, from + random.nextInt(100));
    return switch (random.nextInt(7)) {
      case 0 -> joined(bytes, 0, from, content(random, random.nextInt(9000)), from, bytes.length);
      case 1 -> joined(bytes, 0, from, new byte[0], to, bytes.length);
      case 2 -> joined(bytes, 0, from, content(random, few - from), few, bytes.length);
      case 3 -> joined(bytes, 0, to, new byte[0], from, bytes.length);
      case 4 -> joined(bytes, from, bytes.length, new byte[0], 0, from);
      case 5 -> joined(bytes, 0, from, new byte[0], 0, 0);
      default -> joined(bytes, 0, from, content(random, to - from), to, bytes.length);
    };
  }

  /** A part, something else, another part. */
  private static byte[] joined(byte[] bytes, int from, int to, byte[] middle, int from2, int to2) {
    var result = new ByteArrayOutputStream();
    result.write(bytes, from, to - from);
    result.writeBytes(middle);
    result.write(bytes, from2, to2 - from2);
    return result.toByteArray();
  }
}
