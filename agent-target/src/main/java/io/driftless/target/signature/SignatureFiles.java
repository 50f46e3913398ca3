package io.driftless.target.signature;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one volume's signatures: a directory for the identity that they depend on, which is
 * the only one. Thread-safe.
 */
final class SignatureFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SignatureFiles.class);

  private static final String SEALED = ".signature";
  private static final String DRAFT = ".draft";

  private final Path directory;

  private SignatureFiles(Path directory) {
    this.directory = directory;
  }

  /** Removes what belongs to another identity, and what was not sealed. */
  static SignatureFiles open(Path parent, long identity) throws IOException {
    makeOwn(parent);
    Path directory = parent.resolve("%016x".formatted(identity));
    for (Path other : list(parent)) {
      if (!other.equals(directory)) {
        for (Path file : Files.isDirectory(other) ? list(other) : List.<Path>of()) {
          Files.delete(file);
        }
        Files.delete(other);
      }
    }
    makeOwn(directory);
    var files = new SignatureFiles(directory);
    for (Path file : list(directory)) {
      if (!file.toString().endsWith(SEALED)) {
        files.remove(file);
      }
    }
    return files;
  }

  private static void makeOwn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      var found = new ArrayList<Path>();
      entries.forEach(found::add);
      return found;
    }
  }

  Path sealed(String name) {
    return directory.resolve(name + SEALED);
  }

  Path draft(String name) {
    return directory.resolve(name + DRAFT);
  }

  /** What is free on the disk; 0 where nobody knows. */
  long usableBytes() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} can't be removed: {}", file, e.getMessage());
    }
  }

  private record Sealed(Path file, long bytes, long millis) {}

  /** Removes the oldest signatures until no more than this is left. */
  void trim(long bytesMax) throws IOException {
    var all = new ArrayList<Sealed>();
    long sum = 0;
    for (Path file : list(directory)) {
      if (file.toString().endsWith(SEALED)) {
        var found = Files.readAttributes(file, BasicFileAttributes.class);
        all.add(new Sealed(file, found.size(), found.lastModifiedTime().toMillis()));
        sum += found.size();
      }
    }
    all.sort(Comparator.comparingLong(Sealed::millis));
    for (Sealed oldest : all) {
      if (sum <= bytesMax) {
        return;
      }
      remove(oldest.file());
      sum -= oldest.bytes();
    }
  }
}
