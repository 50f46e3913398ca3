package io.driftless.perf.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Changes of a tree of small files, one at a time, of all kinds in turn. */
public final class SmallChanges {
  private static final int DIRECTORIES = 20;
  private static final int FILES_EACH = 50;
  private static final int BYTES_MIN = 1024;
  private static final int BYTES_MAX = 4096;

  private final Path source;
  private final Path target;
  private final SplittableRandom random;
  private final List<Path> files = new ArrayList<>();
  private int count;

  private SmallChanges(Path source, Path target, long seed) {
    this.source = source;
    this.target = target;
    this.random = new SplittableRandom(seed);
  }

  /** Makes the tree that will change. */
  public static SmallChanges of(Path source, Path target, long seed) throws IOException {
    var changes = new SmallChanges(source, target, seed);
    for (int i = 0; i < DIRECTORIES; i++) {
      Path directory = Path.of("d%02d".formatted(i));
      Files.createDirectories(source.resolve(directory));
      for (int j = 0; j < FILES_EACH; j++) {
        Path file = directory.resolve("f%02d".formatted(j));
        Files.write(source.resolve(file), changes.content());
        changes.files.add(file);
      }
    }
    return changes;
  }

  /** What happens to a file. */
  public enum Kind {
    CREATE,
    OVERWRITE,
    RENAME,
    CHMOD,
    DELETE
  }

  /** Tells whether a change is to be seen on the target. */
  @FunctionalInterface
  public interface Sight {
    boolean isSeen() throws IOException;
  }

  /**
   * A change that was made.
   *
   * @param endedNanos by {@link System#nanoTime}, when the last system call of it had returned
   */
  public record Made(Kind kind, long endedNanos, Sight sight) {}

  /** Makes the next change. */
  public Made next() throws IOException {
    Kind kind = Kind.values()[count % Kind.values().length];
    count++;
    return switch (kind) {
      case CREATE -> create();
      case OVERWRITE -> overwrite();
      case RENAME -> rename();
      case CHMOD -> chmod();
      case DELETE -> delete();
    };
  }

  private Made create() throws IOException {
    Path file = anyDirectory().resolve("new%06d".formatted(count));
    files.add(file);
    return write(Kind.CREATE, file);
  }

  private Made overwrite() throws IOException {
    return write(Kind.OVERWRITE, anyFile());
  }

  private Made write(Kind kind, Path file) throws IOException {
    byte[] content = content();
    Files.write(source.resolve(file), content);
    long ended = System.nanoTime();
    var written = Files.readAttributes(source.resolve(file), BasicFileAttributes.class);
    return new Made(
        kind,
        ended,
        () -> {
          Path there = target.resolve(file);
          return Files.exists(there, LinkOption.NOFOLLOW_LINKS)
              && Files.size(there) == content.length
              && Files.getLastModifiedTime(there).equals(written.lastModifiedTime())
              && Arrays.equals(Files.readAllBytes(there), content);
        });
  }

  private Made rename() throws IOException {
    Path file = anyFile();
    Path renamed = anyDirectory().resolve("renamed%06d".formatted(count));
    Files.move(source.resolve(file), source.resolve(renamed));
    long ended = System.nanoTime();
    files.remove(file);
    files.add(renamed);
    return new Made(
        Kind.RENAME,
        ended,
        () -> Files.exists(target.resolve(renamed)) && !Files.exists(target.resolve(file)));
  }

  private Made chmod() throws IOException {
    Path file = anyFile();
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(source.resolve(file));
    Set<PosixFilePermission> after =
        PosixFilePermissions.fromString(
            before.contains(PosixFilePermission.GROUP_READ) ? "rw-------" : "rw-r--r--");
    Files.setPosixFilePermissions(source.resolve(file), after);
    long ended = System.nanoTime();
    return new Made(
        Kind.CHMOD, ended, () -> Files.getPosixFilePermissions(target.resolve(file)).equals(after));
  }

  private Made delete() throws IOException {
    Path file = anyFile();
    Files.delete(source.resolve(file));
    long ended = System.nanoTime();
    files.remove(file);
    return new Made(Kind.DELETE, ended, () -> !Files.exists(target.resolve(file)));
  }

  private Path anyFile() {
    return files.get(random.nextInt(files.size()));
  }

  private Path anyDirectory() {
    return Path.of("d%02d".formatted(random.nextInt(DIRECTORIES)));
  }

  private byte[] content() {
    byte[] content = new byte[random.nextInt(BYTES_MIN, BYTES_MAX + 1)];
    random.nextBytes(content);
    return content;
  }
}
