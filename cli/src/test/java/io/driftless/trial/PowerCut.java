package io.driftless.trial;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk as it is when the power fails: an instant's copy of the image that a mounted file system
 * lives on. Image and mount point are named so that {@link LoopFileSystem} sweeps them up.
 */
final class PowerCut implements AutoCloseable {
  private static final String ATTRIBUTES = "unix:mode,uid,gid,size,lastModifiedTime";

  private final LoopFileSystem.Type type;
  private final Path image;
  private final Path root;
  private final Shell shell;

  private PowerCut(LoopFileSystem.Type type, Path directory, String name) {
    this.type = type;
    this.image = directory.resolve(name + ".img");
    this.root = directory.resolve(name + ".mnt");
    this.shell = new Shell(directory);
  }

  /** Cuts the power of a disk whose image lies where extents can be shared; it works on. */
  static PowerCut of(LoopFileSystem disk, LoopFileSystem.Type type, int number) throws IOException {
    String name =
        "driftless-loop-%d-cut%d-%s"
            .formatted(ProcessHandle.current().pid(), number, type.name().toLowerCase(Locale.ROOT));
    Path directory = requireNonNull(disk.image().getParent(), "an image lies in a directory");
    var cut = new PowerCut(type, directory, name);
    cut.shell.output("cp", "--reflink=always", disk.image().toString(), cut.image.toString());
    return cut;
  }

  /** Power is back: mounts it, which replays the journal. */
  Path mount() throws IOException {
    Files.createDirectories(root);
    String options = type == LoopFileSystem.Type.XFS ? "loop,nouuid" : "loop";
    shell.output("mount", "-o", options, image.toString(), root.toString());
    return root;
  }

  void unmount() {
    shell.output("umount", root.toString());
  }

  /** Fails if the file system's own checker, which may change nothing, finds something to mend. */
  void assertSound() {
    switch (type) {
      case EXT4 -> shell.output("e2fsck", "-f", "-n", image.toString());
      case XFS -> shell.output("xfs_repair", "-n", image.toString());
      case BTRFS -> shell.output("btrfs", "check", image.toString());
    }
  }

  /**
   * Fails if anything is on the target, outside of the staging area, that isn't exactly as the
   * source has it. Directories may still be closed to others, and lack entries.
   *
   * @return how many files are there
   */
  static int assertNothingTorn(Path source, Path target) throws IOException {
    var torn = new ArrayList<String>();
    int files = 0;
    try (Stream<Path> entries = Files.walk(target)) {
      for (Path entry : entries.toList()) {
        Path relative = target.relativize(entry);
        if (!relative.toString().isEmpty()
            && !relative.startsWith(".driftless")
            && !relative.startsWith("lost+found")) {
          files++;
          difference(source.resolve(relative), entry)
              .ifPresent(what -> torn.add(relative + ": " + what));
        }
      }
    }
    assertThat(torn).as("neither absent nor exact").isEmpty();
    return files;
  }

  private static Optional<String> difference(Path there, Path here) throws IOException {
    if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of("not on the source");
    }
    Map<String, Object> wanted = attributes(there);
    Map<String, Object> found = attributes(here);
    if (Files.isDirectory(here, LinkOption.NOFOLLOW_LINKS)) {
      boolean exact =
          Stream.of("mode", "uid", "gid")
              .allMatch(key -> Objects.equals(wanted.get(key), found.get(key)));
      boolean closed =
          Objects.equals(found.get("mode"), 040700) && Objects.equals(found.get("uid"), 0);
      return exact || closed ? Optional.empty() : differs(wanted, found);
    }
    if (!wanted.equals(found)) {
      return differs(wanted, found);
    }
    boolean same =
        !Files.isRegularFile(here, LinkOption.NOFOLLOW_LINKS) || Files.mismatch(there, here) < 0;
    return same ? Optional.empty() : Optional.of("other content");
  }

  private static Optional<String> differs(Map<String, Object> wanted, Map<String, Object> found) {
    return Optional.of("%s instead of %s".formatted(found, wanted));
  }

  private static Map<String, Object> attributes(Path entry) {
    try {
      return Files.readAttributes(entry, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (Files.readString(Path.of("/proc/self/mounts")).contains(" " + root + " ")) {
      shell.output("umount", root.toString());
    }
    for (Path left : Set.of(root, image)) {
      Files.deleteIfExists(left);
    }
  }
}
