package io.driftless.protocol.linux;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file system of its own on a sparse image, mounted through a loop device. Needs root.
 *
 * <p>Image and mount point carry the process id in their names; what a killed process left mounted
 * is unmounted before the next one mounts. The image lies in memory where it can: what is durable
 * there costs no wait for a disk.
 */
public final class LoopFileSystem implements AutoCloseable {
  /** What it is formatted as. */
  public enum Type {
    EXT4,
    XFS,
    BTRFS;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The least that all three take. */
  public static final long MEBIBYTES = 320;

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "driftless-loop-";
  private static final Pattern MOUNTED = Pattern.compile("\\S*/" + PREFIX + "(\\d+)-\\S+\\.mnt");
  private static final Pattern IMAGE = Pattern.compile(PREFIX + "(\\d+)-\\S+\\.img");
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final Path image;
  private final Path root;

  private LoopFileSystem(Path image, Path root) {
    this.image = image;
    this.root = root;
  }

  /** Makes and mounts one in a directory of the test's own; skips the test where that can't be. */
  public static LoopFileSystem in(Path directory, Type type) throws IOException {
    return in(directory, type, MEBIBYTES);
  }

  /** As {@link #in(Path, Type)}, with a size; xfs needs 300 MiB, btrfs 110, ext4 hardly any. */
  public static LoopFileSystem in(Path directory, Type type, long mebibytes) throws IOException {
    return in(directory, type, mebibytes, ProcessHandle.current().pid());
  }

  /** As {@link #in(Path, Type, long)}, with the image beside the mount point. */
  public static LoopFileSystem beside(Path directory, Type type, long mebibytes)
      throws IOException {
    return in(directory, directory, type, mebibytes, ProcessHandle.current().pid());
  }

  static LoopFileSystem in(Path directory, Type type, long mebibytes, long owner)
      throws IOException {
    Path images = hasRoom(mebibytes) ? MEMORY : directory;
    return in(directory, images, type, mebibytes, owner);
  }

  private static boolean hasRoom(long mebibytes) throws IOException {
    return Files.isWritable(MEMORY)
        && Files.getFileStore(MEMORY).getUsableSpace() >> 20 > 2 * mebibytes;
  }

  private static LoopFileSystem in(
      Path directory, Path images, Type type, long mebibytes, long owner) throws IOException {
    Needs.root();
    Needs.tools("mount", "umount", "losetup", "mkfs." + type.word());
    sweep();
    String name = PREFIX + owner + "-" + COUNTER.incrementAndGet() + "-" + type.word();
    var fileSystem =
        new LoopFileSystem(images.resolve(name + ".img"), directory.resolve(name + ".mnt"));
    fileSystem.format(type, mebibytes);
    Files.createDirectory(fileSystem.root);
    fileSystem.mount();
    return fileSystem;
  }

  private void format(Type type, long mebibytes) throws IOException {
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(mebibytes << 20);
    }
    String path = image.toString();
    switch (type) {
      case EXT4 -> Command.run("mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "nodiscard", path);
      case XFS -> Command.run("mkfs.xfs", "-q", "-f", "-K", path);
      case BTRFS -> Command.run("mkfs.btrfs", "-q", "-f", "-K", path);
    }
  }

  /** Unmounts what dead processes left. */
  static void sweep() throws IOException {
    Matcher mounted = MOUNTED.matcher(Files.readString(Path.of("/proc/self/mounts")));
    while (mounted.find()) {
      long owner = Long.parseLong(mounted.group(1));
      if (ProcessHandle.of(owner).isEmpty()) {
        Path root = Path.of(mounted.group());
        String image = root.getFileName().toString().replaceAll("\\.mnt$", ".img");
        Command.run("umount", "--lazy", root.toString());
        Files.deleteIfExists(root.resolveSibling(image));
        new LoopFileSystem(MEMORY.resolve(image), root).close();
      }
    }
    if (Files.isWritable(MEMORY)) {
      sweepMemory();
    }
  }

  /** Removes what processes left that were killed before they mounted it. */
  private static void sweepMemory() throws IOException {
    try (var images = Files.newDirectoryStream(MEMORY, PREFIX + "*.img")) {
      for (Path image : images) {
        Matcher named = IMAGE.matcher(image.getFileName().toString());
        if (named.matches() && ProcessHandle.of(Long.parseLong(named.group(1))).isEmpty()) {
          Files.deleteIfExists(image);
        }
      }
    }
  }

  /** The mounted directory. */
  public Path root() {
    return root;
  }

  public Path image() {
    return image;
  }

  /** The loop device behind it. */
  public String device() throws IOException {
    return Command.run("losetup", "-n", "-O", "NAME", "-j", image.toString()).strip();
  }

  public void mount() throws IOException {
    Command.run("mount", "-o", "loop", image.toString(), root.toString());
  }

  /** The loop device goes with the mount. */
  public void unmount() throws IOException {
    Command.run("umount", root.toString());
  }

  private boolean isMounted() throws IOException {
    return Files.readString(Path.of("/proc/self/mounts")).contains(" " + root + " ");
  }

  @Override
  public void close() throws IOException {
    if (isMounted()) {
      unmountEvenIfBusy();
    }
    Files.deleteIfExists(root);
    Files.deleteIfExists(image);
  }

  private void unmountEvenIfBusy() throws IOException {
    try {
      unmount();
    } catch (IOException busy) {
      Command.run("umount", "--lazy", root.toString());
      throw new IOException(
          "something still uses " + root + ", for example " + holder().orElse("?"), busy);
    }
  }

  private Optional<String> holder() throws IOException {
    try (var links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).startsWith(root)) {
          return Optional.of(Files.readSymbolicLink(link).toString());
        }
      }
    }
    return Optional.empty();
  }
}
