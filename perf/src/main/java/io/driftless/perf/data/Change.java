package io.driftless.perf.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What happens to a tree between two passes. */
public enum Change {
  NONE,
  /** 500 pages of 8 KiB anywhere in the large file. */
  PAGES,
  /** 1000 bytes more at the front of the large file. */
  FRONT,
  /** A byte more at the end of 100 files. */
  HUNDRED,
  /** The directory with most of the files gets another name. */
  MOVE;

  private static final int PAGE_BYTES = 8192;
  private static final int PAGES_CHANGED = 500;
  private static final int FRONT_BYTES = 1000;
  private static final int FILES_CHANGED = 100;

  /**
   * Changes a tree.
   *
   * @param seed another one each time
   */
  public void apply(Path root, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    switch (this) {
      case NONE -> {}
      case PAGES -> changePages(root.resolve(DataSet.LARGE_FILE), random);
      case FRONT -> insertAtFront(root.resolve(DataSet.LARGE_FILE), random);
      case HUNDRED -> appendToFiles(some(root, random));
      case MOVE -> move(root);
    }
  }

  private static void changePages(Path file, SplittableRandom random) throws IOException {
    byte[] page = new byte[PAGE_BYTES];
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      long pages = open.length() / PAGE_BYTES;
      for (int i = 0; i < PAGES_CHANGED; i++) {
        random.nextBytes(page);
        open.seek(random.nextLong(pages) * PAGE_BYTES);
        open.write(page);
      }
    }
  }

  private static void insertAtFront(Path file, SplittableRandom random) throws IOException {
    byte[] front = new byte[FRONT_BYTES];
    random.nextBytes(front);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      to.write(ByteBuffer.wrap(front));
      long size = from.size();
      for (long at = 0; at < size; ) {
        at += from.transferTo(at, size - at, to);
      }
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The files that {@link #HUNDRED} changes; perhaps one of them twice. */
  public static List<Path> some(Path root, long seed) throws IOException {
    return some(root, new SplittableRandom(seed));
  }

  private static List<Path> some(Path root, SplittableRandom random) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    return random.ints(FILES_CHANGED, 0, files.size()).mapToObj(files::get).toList();
  }

  /** Each gets a byte more. */
  public static void appendToFiles(List<Path> files) throws IOException {
    for (Path file : files) {
      Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    }
  }

  private static void move(Path root) throws IOException {
    Path here = root.resolve(DataSet.MOVING_DIRECTORY);
    Path there = root.resolve(DataSet.MOVING_DIRECTORY + "-moved");
    if (Files.exists(here)) {
      Files.move(here, there);
    } else {
      Files.move(there, here);
    }
  }
}
