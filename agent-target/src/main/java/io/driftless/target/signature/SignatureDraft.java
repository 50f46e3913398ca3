package io.driftless.target.signature;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.driftless.protocol.delta.LeafHashes;
import io.driftless.protocol.hash.SeededHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes known of a new version of a large file while it comes, in any order. Confined to one
 * thread at a time. Failures make it void, and are no concern of anybody else's.
 */
public final class SignatureDraft implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignatureDraft.class);

  /** Below, reading costs as much as keeping. */
  private static final long KNOWN_LEAVES_MIN = 256;

  private final @Nullable Path path;
  private final Runnable onClose;
  private long fileBytes;
  private @Nullable FileChannel file;
  private long knownLeaves;
  private boolean isVoid;
  private boolean closed;

  /**
   * A draft of which nothing is on disk yet.
   *
   * @param path of the draft; null for one that takes in nothing
   * @param fileBytes size of the new version
   */
  SignatureDraft(@Nullable Path path, long fileBytes, Runnable onClose) {
    this.path = path;
    this.fileBytes = fileBytes;
    this.onClose = onClose;
    this.isVoid = path == null;
  }

  /** A draft that takes in nothing. */
  public static SignatureDraft none() {
    return new SignatureDraft(null, 0, () -> {});
  }

  /** Takes note of leaves of the new version, unless they are cut otherwise than from its start. */
  public void add(LeafHashes leaves) {
    if (isVoid || leaves.range().from() % Layout.LEAF_BYTES != 0) {
      return;
    }
    try {
      int from = 0;
      while (from < leaves.count()) {
        from = addRun(leaves, from);
      }
    } catch (IOException e) {
      LOG.debug("a signature is not kept: {}", e.getMessage());
      isVoid = true;
    }
  }

  /** Writes known leaves in a row, in one chunk; returns where to go on. */
  private int addRun(LeafHashes leaves, int from) throws IOException {
    long first = leaves.range().from() / Layout.LEAF_BYTES + from;
    int most = (int) (Layout.CHUNK_LEAVES - first % Layout.CHUNK_LEAVES);
    int end = from;
    ByteBuffer run = Layout.buffer(Math.min(most, leaves.count() - from) * Layout.DIGEST_BYTES);
    while (run.hasRemaining() && isKnown(leaves, end)) {
      run.putLong(leaves.leaf(end).low()).putLong(leaves.leaf(end).high());
      end++;
    }
    if (end == from) {
      return from + 1;
    }
    Layout.writeAll(open(), run.flip(), Layout.offsetOf(first));
    knownLeaves += end - from;
    return end;
  }

  private boolean isKnown(LeafHashes leaves, int index) {
    long end = leaves.leafEnd(index);
    boolean isWhole = end - leaves.leafFrom(index) == Layout.LEAF_BYTES || end == fileBytes;
    return isWhole && end <= fileBytes && leaves.isKnown(index);
  }

  private FileChannel open() throws IOException {
    if (file == null) {
      file =
          FileChannel.open(
              requirePath(),
              Set.of(CREATE, TRUNCATE_EXISTING, READ, WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return file;
  }

  private Path requirePath() {
    if (path == null) {
      throw new IllegalStateException("nothing is kept");
    }
    return path;
  }

  /** What was noted is of no version that will be: it comes again. */
  public void restart(long bytes) {
    fileBytes = bytes;
    knownLeaves = 0;
    isVoid |= bytes > SignatureBook.FILE_BYTES_MAX;
    if (file != null) {
      try {
        file.truncate(0);
      } catch (IOException e) {
        LOG.debug("a signature is not kept: {}", e.getMessage());
        isVoid = true;
      }
    }
  }

  /** Whether enough is known to be kept. */
  boolean isAny() {
    return !isVoid && knownLeaves >= KNOWN_LEAVES_MIN;
  }

  /** Nothing more is noted, and files are few: the channel is opened again when it is sealed. */
  void rest() {
    closeFile();
  }

  /**
   * Becomes the signature of a version.
   *
   * @return whether it is one
   */
  boolean seal(Path as, long version, long millis, SeededHash hash) throws IOException {
    if (!isAny()) {
      return false;
    }
    var header = new Layout.Header(version, fileBytes, millis);
    try (FileChannel sealed = FileChannel.open(requirePath(), READ, WRITE)) {
      ByteBuffer end = Layout.buffer(1);
      if (sealed.size() < Layout.bytes(fileBytes)) { // unknown up to the end
        Layout.writeAll(sealed, end, Layout.bytes(fileBytes) - 1);
      }
      for (int chunk = 0; chunk < Layout.chunks(fileBytes); chunk++) {
        Layout.seal(sealed, chunk, header, hash);
      }
      Layout.write(sealed, header, hash);
    }
    Files.move(requirePath(), as, REPLACE_EXISTING);
    return true;
  }

  private void closeFile() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.debug("a signature is not kept: {}", e.getMessage());
        isVoid = true;
      }
      file = null;
    }
  }

  /** Lets go of it; what was not sealed is removed. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeFile();
    isVoid = true;
    if (path != null) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.debug("{} can't be removed: {}", path, e.getMessage());
      }
    }
    onClose.run();
  }
}
