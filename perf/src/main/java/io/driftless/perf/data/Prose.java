package io.driftless.perf.data;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Words of a made-up language, few of them frequent and many rare, as in texts and logs: compresses
 * to between a quarter and a third. Immutable.
 */
final class Prose implements Content {
  private static final long SEED = 0x9405e;
  private static final int WORDS = 6000;
  private static final int LETTERS_MIN = 2;
  private static final int LETTERS_MAX = 11;
  private static final int WORDS_PER_LINE = 12;

  /** The higher, the more often the first words come. */
  private static final int SKEW = 3;

  private final byte[][] words = new byte[WORDS][];

  Prose() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < WORDS; i++) {
      words[i] = word(random);
    }
  }

  private static byte[] word(SplittableRandom random) {
    var word = new StringBuilder();
    int letters = random.nextInt(LETTERS_MIN, LETTERS_MAX + 1);
    for (int i = 0; i < letters; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    word.append(random.nextInt(WORDS_PER_LINE) == 0 ? '\n' : ' ');
    return word.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void fill(byte[] bytes, SplittableRandom random) {
    for (int at = 0; at < bytes.length; ) {
      byte[] word = words[(int) (WORDS * Math.pow(random.nextDouble(), SKEW))];
      int length = Math.min(word.length, bytes.length - at);
      System.arraycopy(word, 0, bytes, at, length);
      at += length;
    }
  }
}
