package io.driftless.perf;

import io.driftless.perf.process.Command;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory for data sets, the target and what the contenders need. One benchmark uses it at a
 * time; what a killed predecessor left is removed first.
 */
final class Workplace implements AutoCloseable {
  private static final Image EXT4 = Image.ext4("ext4", "16G", 2_500_000);

  /** Ext4 wants so much room for so many inodes. */
  private static final Image WIDE_EXT4 = Image.ext4("ext4-wide", "96G", 22_000_000);

  private static final Image XFS = new Image("xfs", "16G", List.of("mkfs.xfs", "-q", "-K"));

  private final Path base;
  private final Retention retention;
  private final FileChannel lock;
  private Path data;

  /** Holds images of several kinds. */
  private @Nullable Path shelf;

  /** What happens to the data sets at the end. */
  enum Retention {
    KEEP,
    REMOVE
  }

  private Workplace(Path base, Retention retention, FileChannel lock) {
    this.base = base;
    this.retention = retention;
    this.lock = lock;
    this.data = base;
  }

  /** Takes a directory on whatever file system it lies. */
  static Workplace open(Path base, Retention retention) throws IOException, InterruptedException {
    Files.createDirectories(base);
    FileChannel lock =
        FileChannel.open(base.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!isLocked(lock)) {
        throw new IOException(base + " is in use by another benchmark");
      }
      var workplace = new Workplace(base.toRealPath(), retention, lock);
      workplace.tidy();
      return workplace;
    } catch (Throwable failure) {
      lock.close();
      throw failure;
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  /** Takes a directory and mounts an ext4 image that lies in it. */
  static Workplace openExt4(Path base, Retention retention)
      throws IOException, InterruptedException {
    return openImage(base, retention, EXT4);
  }

  /** The same with room for many inodes. */
  static Workplace openWideExt4(Path base, Retention retention)
      throws IOException, InterruptedException {
    return openImage(base, retention, WIDE_EXT4);
  }

  /** As {@link #openExt4}, but with xfs, which shares extents. */
  static Workplace openXfs(Path base, Retention retention)
      throws IOException, InterruptedException {
    return openImage(base, retention, XFS);
  }

  /**
   * A file system in a sparse file.
   *
   * @param format the command that makes it, but for the file
   */
  private record Image(String name, String size, List<String> format) {
    static Image ext4(String name, String size, int inodes) {
      return new Image(name, size, List.of("mkfs.ext4", "-q", "-F", "-N", String.valueOf(inodes)));
    }
  }

  private static Workplace openImage(Path base, Retention retention, Image image)
      throws IOException, InterruptedException {
    Workplace workplace = open(base.resolve(image.name), retention);
    workplace.shelf = base;
    try {
      workplace.mountImage(image);
      return workplace;
    } catch (Throwable failure) {
      workplace.close();
      throw failure;
    }
  }

  Path data() {
    return data;
  }

  /** Data sets that change are not for others. */
  Path changing() throws IOException {
    return Files.createDirectories(data.resolve("changing"));
  }

  Path target() {
    return data.resolve("target");
  }

  /** Another target beside it. */
  Path second() {
    return data.resolve("target-2");
  }

  /** A new empty directory. */
  Path freshRun() throws IOException, InterruptedException {
    remove(run());
    return Files.createDirectories(run());
  }

  /** Removes everything in the target, but not the target. */
  void emptyTarget() throws IOException, InterruptedException {
    Files.createDirectories(target());
    Command.of("find", target().toString(), "-mindepth", "1", "-delete").run();
    flush();
  }

  /** Makes durable what was written to the file system of the target. */
  void flush() throws IOException, InterruptedException {
    Command.of("sync", "-f", target().toString()).run();
  }

  private Path run() {
    return base.resolve("run");
  }

  private Path mountPoint() {
    return base.resolve("mounted");
  }

  private void mountImage(Image image) throws IOException, InterruptedException {
    Path file = base.resolve(image.name + ".img");
    if (!Files.exists(file)) {
      Path fresh = base.resolve("fresh.img");
      Files.deleteIfExists(fresh);
      Command.of("truncate", "--size", image.size, fresh.toString()).run();
      var words = new ArrayList<>(image.format);
      words.add(fresh.toString());
      new Command(words).run();
      Files.move(fresh, file);
    }
    Files.createDirectories(mountPoint());
    Command.of("mount", "-o", "loop", file.toString(), mountPoint().toString()).run();
    data = mountPoint();
    clear();
  }

  private void tidy() throws IOException, InterruptedException {
    if (isMounted()) {
      data = mountPoint();
      if (retention == Retention.KEEP) {
        clear();
      }
      Command.of("umount", mountPoint().toString()).run();
    }
    data = base;
    clear();
    remove(run());
    if (retention == Retention.REMOVE) {
      Command.of("find", base.toString(), "-mindepth", "1", "-not", "-name", "lock", "-delete")
          .run();
    }
  }

  /** Leaves the data sets. */
  private void clear() throws IOException, InterruptedException {
    remove(target());
    remove(second());
  }

  private boolean isMounted() throws IOException {
    String mark = " " + mountPoint() + " ";
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .anyMatch(l -> l.contains(mark));
  }

  private static void remove(Path directory) throws IOException, InterruptedException {
    Command.of("rm", "-rf", "--one-file-system", directory.toString()).run();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try (lock) {
      tidy();
      if (retention == Retention.REMOVE) {
        Files.deleteIfExists(base.resolve("lock"));
        Files.deleteIfExists(base);
        if (shelf != null) {
          removeIfEmpty(shelf);
        }
      }
    }
  }

  private static void removeIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // another image is in it
    }
  }
}
