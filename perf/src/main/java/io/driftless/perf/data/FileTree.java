package io.driftless.perf.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * A tree of many files: directories of {@value #FILES_MIN} to {@value #FILES_MAX} files, eight
 * directories in each. A quarter of the directories belongs to somebody else than root.
 */
final class FileTree {
  private static final int FILES_MIN = 100;
  private static final int FILES_MAX = 1000;
  private static final int FAN_OUT = 8;
  private static final int OTHER_OWNER = 33;
  private static final long OLDEST_SECONDS = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
  private static final long AGE_SECONDS_MAX = 5L * 365 * 86_400;

  private final long seed;
  private final ToIntFunction<SplittableRandom> sizeBytes;
  private final Content content;

  /** Files of which nothing is gained by compression. */
  FileTree(long seed, ToIntFunction<SplittableRandom> sizeBytes) {
    this(seed, sizeBytes, Content.NOISE);
  }

  FileTree(long seed, ToIntFunction<SplittableRandom> sizeBytes, Content content) {
    this.seed = seed;
    this.sizeBytes = sizeBytes;
    this.content = content;
  }

  /** Sizes that are log-normal as those of a server's files are: most small, few large. */
  static ToIntFunction<SplittableRandom> logNormal(double meanBytes, double sigma, int bytesMax) {
    double mu = Math.log(meanBytes) - sigma * sigma / 2;
    return random -> (int) Math.min(bytesMax, Math.exp(mu + sigma * random.nextGaussian()));
  }

  void write(Path root, int fileCount) throws IOException {
    List<Integer> counts = filesPerDirectory(fileCount);
    List<Path> directories = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      Path parent = i == 0 ? root : directories.get((i - 1) / FAN_OUT);
      directories.add(
          Files.createDirectories(i == 0 ? root : parent.resolve("d%04d".formatted(i))));
    }
    IntStream.range(0, counts.size())
        .parallel()
        .forEach(i -> fill(directories.get(i), counts.get(i), new SplittableRandom(seed + i)));
    for (int i = directories.size() - 1; i >= 0; i--) {
      Files.setLastModifiedTime(directories.get(i), someTime(new SplittableRandom(seed - i)));
    }
  }

  private List<Integer> filesPerDirectory(int fileCount) {
    var random = new SplittableRandom(seed);
    var counts = new ArrayList<Integer>();
    for (int left = fileCount; left > 0; left -= counts.getLast()) {
      counts.add(Math.min(left, random.nextInt(FILES_MIN, FILES_MAX + 1)));
    }
    return counts;
  }

  private void fill(Path directory, int count, SplittableRandom random) {
    boolean foreign = random.nextInt(4) == 0;
    try {
      for (int i = 0; i < count; i++) {
        byte[] bytes = new byte[sizeBytes.applyAsInt(random)];
        content.fill(bytes, random);
        Path file = directory.resolve("file-%08x.dat".formatted(random.nextInt()));
        Files.write(file, bytes);
        if (foreign) {
          Files.setAttribute(file, "unix:uid", OTHER_OWNER);
          Files.setAttribute(file, "unix:gid", OTHER_OWNER);
        }
        Files.setLastModifiedTime(file, someTime(random));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime someTime(SplittableRandom random) {
    long seconds = OLDEST_SECONDS + random.nextLong(AGE_SECONDS_MAX);
    return FileTime.from(Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000)));
  }
}
