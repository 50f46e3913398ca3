package io.driftless.source.state;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.report.HashSink;
import io.driftless.source.report.ManifestException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the files of a volume hash to, in the format of {@code sha256sum -c}, to be checked in its
 * root. Appears under its name once it is complete. Thread-safe.
 *
 * <pre>
 * HASH  ./PATH
 * \HASH  ./PATH with \\ for a backslash, \n for a line feed, \r for a carriage return
 * # left out, its holes are too large to be hashed: ./PATH, escaped as well
 * </pre>
 */
public final class Manifest implements HashSink, AutoCloseable {
  private static final String DIRECTORY = "manifests";
  private static final String LEFT_OUT = "# left out, its holes are too large to be hashed: ./";

  private final Path file;
  private final Path unfinished;
  private final OutputStream out;
  private final AtomicLong leftOut = new AtomicLong();

  private Manifest(Path file, Path unfinished, OutputStream out) {
    this.file = file;
    this.unfinished = unfinished;
    this.out = out;
  }

  /**
   * Begins the manifest of a volume anew; the last complete one stays for now.
   *
   * @param own a directory of the agent's own
   */
  public static Manifest begin(Path own, String volume) throws ManifestException {
    Path directory = own.resolve(DIRECTORY);
    Path file = directory.resolve(volume + ".sha256");
    Path unfinished = directory.resolve(volume + ".sha256.unfinished");
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(unfinished);
      Files.createFile(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      OutputStream out = Files.newOutputStream(unfinished, StandardOpenOption.WRITE);
      return new Manifest(file, unfinished, new BufferedOutputStream(out, 1 << 16));
    } catch (IOException e) {
      throw failed(unfinished, e);
    }
  }

  /** Where it is once it is complete. */
  public Path file() {
    return file;
  }

  @Override
  public void hashed(TreePath path, ContentSum content) throws ManifestException {
    if (content.zeros() == Zeros.SKIPPED) {
      leftOut.incrementAndGet();
    }
    byte[] line = line(path.toBytes(), content);
    try {
      synchronized (out) {
        out.write(line);
      }
    } catch (IOException e) {
      throw failed(unfinished, e);
    }
  }

  private static byte[] line(byte[] path, ContentSum content) {
    byte[] name = escaped(path);
    var line = new ByteArrayOutputStream(name.length + 80);
    switch (content.zeros()) {
      case HASHED -> {
        if (name.length > path.length) {
          line.write('\\');
        }
        line.writeBytes((content.hash() + "  ./").getBytes(US_ASCII));
      }
      case SKIPPED -> line.writeBytes(LEFT_OUT.getBytes(US_ASCII));
    }
    line.writeBytes(name);
    line.write('\n');
    return line.toByteArray();
  }

  private static byte[] escaped(byte[] path) {
    var name = new ByteArrayOutputStream(path.length + 16);
    for (byte each : path) {
      switch (each) {
        case '\\' -> name.writeBytes(new byte[] {'\\', '\\'});
        case '\n' -> name.writeBytes(new byte[] {'\\', 'n'});
        case '\r' -> name.writeBytes(new byte[] {'\\', 'r'});
        default -> name.write(each);
      }
    }
    return name.toByteArray();
  }

  /** How many files have only a comment, because of the size of their holes. */
  public long leftOut() {
    return leftOut.get();
  }

  /** Nothing more comes: it takes the place of the last one. */
  public void complete() throws ManifestException {
    try {
      synchronized (out) {
        out.close();
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(unfinished, e);
    }
  }

  /** Drops it, unless it is complete. */
  @Override
  public void close() throws ManifestException {
    try {
      synchronized (out) {
        out.close();
      }
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw failed(unfinished, e);
    }
  }

  private static ManifestException failed(Path file, IOException cause) {
    return new ManifestException("%s can't be written: %s".formatted(file, cause), cause);
  }
}
