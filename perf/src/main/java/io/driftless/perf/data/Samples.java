package io.driftless.perf.data;

import java.util.SplittableRandom;

/** Content as the data sets have it, for benchmarks of kernels. */
public final class Samples {
  private Samples() {}

  /** Text of a made-up language, which compresses to between a quarter and a third. */
  public static byte[] text(int bytes, SplittableRandom random) {
    byte[] text = new byte[bytes];
    new Prose().fill(text, random);
    return text;
  }
}
