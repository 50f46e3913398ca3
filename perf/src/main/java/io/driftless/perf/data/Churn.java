package io.driftless.perf.data;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Writes small files at a steady rate: half of them are new, half of them were there before. */
public final class Churn {
  private static final int DIRECTORIES = 200;
  private static final int FILES_EACH = 50;
  private static final int BYTES_MIN = 1024;
  private static final int BYTES_MAX = 4096;
  private static final long TICK_NANOS = 1_000_000;

  private final Path source;
  private final SplittableRandom random;
  private final byte[] noise = new byte[2 * BYTES_MAX];
  private final List<Path> files = new ArrayList<>();

  /** Files in the order of their last change. */
  private final LinkedHashSet<Path> changed = new LinkedHashSet<>();

  private Churn(Path source, long seed) {
    this.source = source;
    this.random = new SplittableRandom(seed);
    random.nextBytes(noise);
  }

  /** Makes the tree that will change: 10 000 files in 200 directories. */
  public static Churn in(Path source, long seed) throws IOException {
    var churn = new Churn(source, seed);
    for (int i = 0; i < DIRECTORIES; i++) {
      Files.createDirectories(source.resolve(churn.directory(i)));
      for (int j = 0; j < FILES_EACH; j++) {
        Path file = churn.directory(i).resolve("f%05d".formatted(j));
        churn.files.add(file);
        churn.write(file);
      }
    }
    return churn;
  }

  /** Writes for a time, or as fast as it can if that is slower; returns how many files it wrote. */
  public long run(int filesPerSecond, Duration length) throws IOException {
    long begun = System.nanoTime();
    long written = 0;
    while (System.nanoTime() - begun < length.toNanos() && !Thread.interrupted()) {
      long due = (long) ((System.nanoTime() - begun) / 1e9 * filesPerSecond);
      for (; written < due; written++) {
        Path file = random.nextBoolean() ? fresh() : files.get(random.nextInt(files.size()));
        write(file);
        changed.remove(file);
        changed.add(file);
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
    return written;
  }

  /** Files that were changed, the last one first. */
  public List<Path> changed() {
    var all = new ArrayList<>(changed);
    Collections.reverse(all);
    return all;
  }

  /**
   * Whether a file is on the target as it is on the source, as far as the status tells: its size,
   * and the second of its last change. rsync doesn't look closer either: a file that is written
   * twice in a second while it is read keeps the fraction of the first time.
   */
  public boolean isOn(Path target, Path file) throws IOException {
    var here = Files.readAttributes(source.resolve(file), BasicFileAttributes.class);
    Path other = target.resolve(file);
    if (!Files.exists(other)) {
      return false;
    }
    var there = Files.readAttributes(other, BasicFileAttributes.class);
    return here.size() == there.size()
        && here.lastModifiedTime().to(SECONDS) == there.lastModifiedTime().to(SECONDS);
  }

  private Path fresh() {
    Path file = directory(random.nextInt(DIRECTORIES)).resolve("n%07d".formatted(files.size()));
    files.add(file);
    return file;
  }

  private Path directory(int i) {
    return Path.of("d%03d".formatted(i));
  }

  private void write(Path file) throws IOException {
    int length = random.nextInt(BYTES_MIN, BYTES_MAX + 1);
    int from = random.nextInt(noise.length - length);
    byte[] content = java.util.Arrays.copyOfRange(noise, from, from + length);
    Files.write(source.resolve(file), content);
  }
}
