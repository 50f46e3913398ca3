package io.driftless.perf.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Words and phrases of a made-up language, few of them frequent and many rare, as in texts, logs
 * and source code: compresses to between a quarter and a third. Immutable.
 */
final class Prose implements Content {
  private static final long SEED = 0x9405e;
  private static final int WORDS = 4000;
  private static final int PHRASES = 4000;
  private static final int PHRASE_MIN = 2;
  private static final int PHRASE_MAX = 5;
  private static final int LETTERS_MIN = 2;
  private static final int LETTERS_MAX = 11;
  private static final int WORDS_PER_LINE = 12;

  /** The higher, the more often the first words come. */
  private static final int SKEW = 3;

  private final byte[][] said = new byte[WORDS + PHRASES][];

  Prose() {
    var random = new SplittableRandom(SEED);
    String[] words = new String[WORDS];
    Arrays.setAll(words, _ -> word(random));
    for (int i = 0; i < said.length; i++) {
      String text = i % 2 == 0 ? words[i / 2] : phrase(words, random);
      said[i] = text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  private static String word(SplittableRandom random) {
    var word = new StringBuilder();
    int letters = random.nextInt(LETTERS_MIN, LETTERS_MAX + 1);
    for (int i = 0; i < letters; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    word.append(random.nextInt(WORDS_PER_LINE) == 0 ? '\n' : ' ');
    return word.toString();
  }

  private static String phrase(String[] words, SplittableRandom random) {
    return IntStream.range(0, random.nextInt(PHRASE_MIN, PHRASE_MAX + 1))
        .mapToObj(_ -> words[skewed(words.length, random)])
        .collect(Collectors.joining());
  }

  private static int skewed(int bound, SplittableRandom random) {
    return (int) (bound * Math.pow(random.nextDouble(), SKEW));
  }

  @Override
  public void fill(byte[] bytes, SplittableRandom random) {
    for (int at = 0; at < bytes.length; ) {
      byte[] text = said[skewed(said.length, random)];
      int length = Math.min(text.length, bytes.length - at);
      System.arraycopy(text, 0, bytes, at, length);
      at += length;
    }
  }
}
