package io.driftless.protocol.identity;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that only its owner can enter (0700), with files that only its owner can read (0600).
 *
 * <p>Everything read is checked first, so a secret that others could have seen, or that somebody
 * else put there, is refused and not used. Files are replaced as a whole and are durable when the
 * call returns. Methods block. Safe for concurrent use, except that two writers of the same file
 * must hold its {@linkplain #lock lock}.
 */
public final class PrivateDirectory {
  private static final int FILE_BYTES_MAX = 16 << 20;
  private static final int OTHERS = 0077;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  /**
   * Opens a directory, which is made with its parents if it isn't there.
   *
   * @throws RefusedException if it is there and others may enter it, or it is somebody else's
   */
  public static PrivateDirectory create(Path path) throws IOException {
    if (!Files.exists(path, NOFOLLOW_LINKS)) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(path, OWNER_ONLY_DIRECTORY);
    }
    return open(path);
  }

  /**
   * Opens a directory that is there.
   *
   * @throws RefusedException if it isn't, if others may enter it, or if it is somebody else's
   */
  public static PrivateDirectory open(Path path) throws IOException {
    if (!Files.isDirectory(path, NOFOLLOW_LINKS)) {
      throw new RefusedException(
          Reason.IDENTITY_MISSING,
          "there is no directory " + path,
          "create it with target init or source join, or name the right --home");
    }
    requirePrivate(path);
    return new PrivateDirectory(path);
  }

  public Path path() {
    return path;
  }

  /** A private directory inside this one, made if it isn't there. */
  public PrivateDirectory child(String name) throws IOException {
    return create(path.resolve(name));
  }

  public boolean has(String name) {
    return Files.exists(path.resolve(name), NOFOLLOW_LINKS);
  }

  /**
   * The content of a file, or empty if there is none.
   *
   * @throws RefusedException if others may read or write it, if it is somebody else's, if it isn't
   *     a regular file or is too large to be one of ours
   */
  public Optional<byte[]> read(String name) throws IOException {
    Path file = path.resolve(name);
    if (!Files.exists(file, NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
      throw unsafe(file, "is not a regular file", "put the file itself there, not a link to it");
    }
    requirePrivate(file);
    try (InputStream in = Files.newInputStream(file, READ, NOFOLLOW_LINKS)) {
      byte[] content = in.readNBytes(FILE_BYTES_MAX + 1);
      if (content.length > FILE_BYTES_MAX) {
        throw unsafe(file, "is larger than 16 MiB", "restore it from a backup");
      }
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // removed since we looked
    }
  }

  /** Replaces a file as a whole: afterwards the new content is durable, or the old one is there. */
  public void write(String name, byte[] content) throws IOException {
    Path file = path.resolve(name);
    Path fresh = path.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    Set<OpenOption> options = Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(fresh, options, OWNER_ONLY_FILE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, ATOMIC_MOVE);
    makeDurable();
  }

  /** Removes a file, durably; nothing happens if there is none. */
  public void delete(String name) throws IOException {
    if (Files.deleteIfExists(path.resolve(name))) {
      makeDurable();
    }
  }

  /** Something that differs whenever a file was replaced; equal for a file that is missing. */
  Map<String, Object> stamp(String name) throws IOException {
    try {
      return Files.readAttributes(
          path.resolve(name), "unix:ino,size,lastModifiedTime,ctime", NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Map.of();
    }
  }

  /**
   * Takes the lock of a file, against other processes and other threads alike.
   *
   * @throws RefusedException if somebody held it for longer than any change takes
   */
  FileGuard lock(String name) throws IOException {
    Path file = path.resolve(name + ".lock");
    FileChannel channel =
        FileChannel.open(file, Set.of(CREATE, WRITE, NOFOLLOW_LINKS), OWNER_ONLY_FILE);
    return FileGuard.acquire(channel, file);
  }

  private void makeDurable() throws IOException {
    try (FileChannel directory = FileChannel.open(path, READ)) {
      directory.force(true);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid", NOFOLLOW_LINKS);
    int mode = (Integer) requireNonNull(attributes.get("mode"), "mode");
    if ((mode & OTHERS) != 0) {
      throw unsafe(
          file,
          "may be used by others (mode %04o)".formatted(mode & 07777),
          "chmod go= %s, and invite the agent again if others could have read it".formatted(file));
    }
    Object ourselves = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!ourselves.equals(attributes.get("uid"))) {
      throw unsafe(
          file,
          "belongs to uid %s, this program runs as uid %s"
              .formatted(attributes.get("uid"), ourselves),
          "run as its owner, or give it to the user that runs this program");
    }
  }

  private static RefusedException unsafe(Path file, String what, String next) {
    return new RefusedException(Reason.IDENTITY_UNSAFE, file + " " + what, next);
  }
}
