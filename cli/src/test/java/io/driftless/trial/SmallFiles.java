package io.driftless.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Many small files with sizes as they occur on servers: log-normal, a few kilobytes in the middle.
 */
final class SmallFiles {
  private static final int PER_DIRECTORY = 200;

  private SmallFiles() {}

  static void fill(Path root, int count, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    byte[] content = new byte[1 << 20];
    random.nextBytes(content);
    Path directory = root;
    for (int i = 0; i < count; i++) {
      if (i % PER_DIRECTORY == 0) {
        directory =
            Files.createDirectories(
                root.resolve("d%d/e%d".formatted(i / 10_000, i / PER_DIRECTORY)));
      }
      int size = (int) Math.min(200_000, Math.exp(7.5 + 1.5 * random.nextGaussian()));
      int offset = random.nextInt(content.length - size);
      Files.write(
          directory.resolve("f" + i), java.util.Arrays.copyOfRange(content, offset, offset + size));
    }
  }
}
