package io.driftless.perf.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** A tree to be carried. */
public enum DataSet {
  /** 100 000 files with log-normal sizes, 620 MB. */
  SMALL,
  /** 1 000 000 files of 700 bytes. */
  TINY,
  /** One file of 2 GiB, of random bytes. */
  LARGE,
  /** 60 000 files of 700 bytes, 50 000 of them in one directory and below it. */
  MOVING,
  /** 60 files of 1 to 2 MB and 5000 small ones, 120 MB, of random bytes. */
  MIXED,
  /** 210 files of 1 to 2 MB and 17 500 small ones, 420 MB, of words: compresses to some 30 %. */
  TEXT,
  /** The JDK that runs the benchmark. */
  JDK,
  /** The programs of this machine. */
  USR;

  public static final String LARGE_FILE = "large.dat";
  static final String MOVING_DIRECTORY = "moving";

  private static final int MOVING_FILES = 50_000;
  private static final int STAYING_FILES = 10_000;
  private static final long SEED = 0x5eed;
  private static final int SMALL_FILES = 100_000;
  private static final int SMALL_MEAN_BYTES = 6200;
  private static final double SMALL_SIGMA = 1.5;
  private static final int SMALL_BYTES_MAX = 4 << 20;
  private static final int TINY_FILES = 1_000_000;
  static final int TINY_BYTES = 700;
  private static final int MIXED_LARGE_FILES = 60;
  private static final int MIXED_BYTES_MIN = 1_000_000;
  private static final int MIXED_BYTES_MAX = 2_000_000;
  private static final int MIXED_SMALL_FILES = 5000;
  private static final double TEXT_TIMES = 3.5;
  private static final long LARGE_BYTES = 2L << 30;

  /** The tree, made below {@code place} unless it is there already or lies elsewhere. */
  public Path provide(Path place) throws IOException {
    return switch (this) {
      case SMALL ->
          provide(
              place,
              root ->
                  new FileTree(
                          SEED, FileTree.logNormal(SMALL_MEAN_BYTES, SMALL_SIGMA, SMALL_BYTES_MAX))
                      .write(root, SMALL_FILES));
      case TINY -> provide(place, root -> treeOfFiles(TINY_BYTES).write(root, TINY_FILES));
      case LARGE -> provide(place, root -> writeLarge(root.resolve(LARGE_FILE), LARGE_BYTES));
      case MOVING -> provide(place, DataSet::writeMoving);
      case MIXED -> provide(place, root -> writeMixed(root, 1, Content.NOISE));
      case TEXT -> provide(place, root -> writeMixed(root, TEXT_TIMES, new Prose()));
      case JDK -> Path.of(System.getProperty("java.home")).toRealPath();
      case USR -> Path.of("/usr");
    };
  }

  /** Tells whether comparing it must read content: in a large file, size and time say little. */
  public boolean isComparedByContent() {
    return this == LARGE;
  }

  @FunctionalInterface
  interface Writer {
    void write(Path root) throws IOException;
  }

  private Path provide(Path place, Writer writer) throws IOException {
    return provide(place, name().toLowerCase(java.util.Locale.ROOT), writer);
  }

  static Path provide(Path place, String name, Writer writer) throws IOException {
    Path root = place.resolve("source-" + name);
    Path complete = place.resolve(root.getFileName() + ".complete");
    if (!Files.exists(complete)) {
      if (Files.exists(root)) {
        throw new IOException(root + " is incomplete; remove it and start again");
      }
      Files.createDirectories(root);
      writer.write(root);
      Files.createFile(complete);
    }
    return root;
  }

  static FileTree treeOfFiles(int bytes) {
    return new FileTree(SEED, _ -> bytes);
  }

  private static void writeMoving(Path root) throws IOException {
    FileTree tree = treeOfFiles(TINY_BYTES);
    tree.write(root.resolve(MOVING_DIRECTORY), MOVING_FILES);
    tree.write(root.resolve("staying"), STAYING_FILES);
  }

  private static void writeMixed(Path root, double times, Content content) throws IOException {
    new FileTree(SEED, random -> random.nextInt(MIXED_BYTES_MIN, MIXED_BYTES_MAX), content)
        .write(root.resolve("large"), (int) (times * MIXED_LARGE_FILES));
    var sizes = FileTree.logNormal(SMALL_MEAN_BYTES, SMALL_SIGMA, SMALL_BYTES_MAX);
    new FileTree(SEED, sizes, content)
        .write(root.resolve("small"), (int) (times * MIXED_SMALL_FILES));
  }

  static void writeLarge(Path file, long bytes) throws IOException {
    var random = new SplittableRandom(SEED);
    byte[] block = new byte[1 << 20];
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long written = 0; written < bytes; written += block.length) {
        random.nextBytes(block);
        channel.write(ByteBuffer.wrap(block)); // a blocking channel on a file writes all of it
      }
    }
  }
}
