package io.driftless.perf.data;

import java.util.SplittableRandom;

/** What is in the files. */
@FunctionalInterface
interface Content {
  /** Nothing is gained by compression. */
  Content NOISE = (bytes, random) -> random.nextBytes(bytes);

  void fill(byte[] bytes, SplittableRandom random);
}
