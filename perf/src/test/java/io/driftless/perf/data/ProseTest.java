package io.driftless.perf.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

final class ProseTest {
  private static final int BYTES = 1 << 20;

  @Test
  void it_compresses_as_texts_do() {
    var deflater = new Deflater();
    deflater.setInput(prose(1));
    deflater.finish();
    byte[] into = new byte[BYTES];

    assertThat((double) BYTES / deflater.deflate(into)).isBetween(2.5, 4.5);
    deflater.end();
  }

  @Test
  void equal_seeds_give_equal_texts_and_others_don_t() {
    assertThat(prose(1)).isEqualTo(prose(1)).isNotEqualTo(prose(2));
  }

  private static byte[] prose(long seed) {
    byte[] bytes = new byte[BYTES];
    new Prose().fill(bytes, new SplittableRandom(seed));
    return bytes;
  }
}
