package io.driftless.target.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.SliceComparer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signatures of the large files of one volume, in files of the agent's own. Thread-safe.
 *
 * <p>Nothing depends on it: where a signature can't be kept or read, the file is read.
 */
public final class SignatureBook {
  /*
   * When a signature counts. It belongs to a version, in which there is the ctime; a file has it
   * again only if nobody has written to it since. So the version is taken down as soon as the file
   * is in its place, and again after the pass, when everything has been written back and the ctime
   * is older than any tick: only if the two are one, nobody can have written in between, and
   * whoever writes from now on gives the file another ctime, be it through a mapping. After a power
   * cut there may be content that was written without its ctime; so all signatures are of one boot
   * of this machine.
   *
   * Why plain files: a signature has 4 KiB for each MiB of its file and comes in pieces, in any
   * order, while the file does; none of it has to be in memory, and it becomes valid by one rename.
   * Why nothing is synced: see "one boot".
   */
  private static final Logger LOG = LoggerFactory.getLogger(SignatureBook.class);

  /** A smaller file is read as quickly. */
  static final long FILE_BYTES_MIN = 8 << 20;

  /** Nothing is kept of a larger one. */
  static final long FILE_BYTES_MAX = 128L << 30;

  /** For 256 GiB of large files; in a pass as much again for the versions that come. */
  private static final long BYTES_MAX = 1L << 30;

  /** More files than this are not remembered in one pass. */
  private static final int ARRIVALS_MAX = 16 * 1024;

  /** One signature leaves so many times its size free on the disk. */
  private static final int SPARE = 8;

  private static final Duration PAUSE = Duration.ofMillis(30);

  private final @Nullable SignatureFiles files;
  private final SeededHash hash;
  private final InstantSource clock;
  private final Map<TreePath, Arrival> arrivals = new HashMap<>();
  private long draftBytes;
  private long drafts;

  private SignatureBook(@Nullable SignatureFiles files, SeededHash hash, InstantSource clock) {
    this.files = files;
    this.hash = hash;
    this.clock = clock;
  }

  /** A file that is on its way into its place, or there. */
  private static final class Arrival {
    final SignatureDraft draft;
    final FileStatus ready;
    @Nullable FileStatus placed;

    Arrival(SignatureDraft draft, FileStatus ready) {
      this.draft = draft;
      this.ready = ready;
    }
  }

  /** A book in which nothing is kept. */
  public static SignatureBook none() {
    return new SignatureBook(null, new SeededHash(0), InstantSource.system());
  }

  /**
   * Opens the book of a volume.
   *
   * @param directory of the agent's own, for this volume alone
   * @param identity all that the signatures depend on besides their files
   * @param hash by which contents are hashed
   */
  public static SignatureBook open(
      Path directory, String identity, SeededHash hash, InstantSource clock) {
    long number = new SeededHash(0).hash64(identity.getBytes(UTF_8));
    try {
      return new SignatureBook(SignatureFiles.open(directory, number), hash, clock);
    } catch (IOException e) {
      LOG.warn(
          "no signatures can be kept in {}: {}; large files are read", directory, e.toString());
      return new SignatureBook(null, hash, clock);
    }
  }

  private static String nameOf(TreePath path, SeededHash hash) {
    return "%016x".formatted(hash.hash64(path.toBytes()));
  }

  /**
   * What is known of a file.
   *
   * @param status that it has
   * @return null if nothing is known of this version
   */
  public @Nullable Signature find(TreePath path, FileStatus status) {
    if (files == null || status.size() < FILE_BYTES_MIN) {
      return null;
    }
    Path file = files.sealed(nameOf(path, hash));
    try {
      FileChannel open = FileChannel.open(file, READ);
      try {
        Layout.Header header = Layout.read(open, hash);
        boolean clockWentBack = header.recordedMillis() > clock.millis();
        if (header.version() == FileVersion.of(status)
            && header.fileBytes() == status.size()
            && !clockWentBack) {
          return new Signature(open, header, hash);
        }
      } catch (IOException e) {
        LOG.debug("the signature of {} is thrown away: {}", path, e.getMessage());
        files.remove(file);
      }
      open.close();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.debug("the signature of {} can't be read: {}", path, e.getMessage());
    }
    return null;
  }

  /** Forgets what is known of a file. */
  public void forget(TreePath path) {
    if (files != null) {
      files.remove(files.sealed(nameOf(path, hash)));
    }
  }

  /** Begins a draft for the new version of a file; one that takes in nothing where none is kept. */
  public synchronized SignatureDraft draft(TreePath path, long fileBytes) {
    if (files == null || fileBytes < FILE_BYTES_MIN || fileBytes > FILE_BYTES_MAX) {
      return SignatureDraft.none();
    }
    long bytes = Layout.bytes(fileBytes);
    if (draftBytes + bytes > BYTES_MAX || files.usableBytes() / SPARE < bytes) {
      return SignatureDraft.none();
    }
    draftBytes += bytes;
    return new SignatureDraft(
        files.draft("%s-%d".formatted(nameOf(path, hash), ++drafts)),
        fileBytes,
        () -> released(bytes));
  }

  private synchronized void released(long bytes) {
    draftBytes -= bytes;
  }

  /**
   * A new version is complete. Takes over its draft.
   *
   * @param ready how the file is before it gets its place; nobody else can have it open
   */
  public synchronized void staged(TreePath path, SignatureDraft draft, FileStatus ready) {
    draft.rest();
    Arrival before = arrivals.remove(path);
    if (before != null) {
      before.draft.close();
    }
    if (arrivals.size() < ARRIVALS_MAX && draft.isAny()) {
      arrivals.put(path, new Arrival(draft, ready));
    } else {
      draft.close();
    }
  }

  /** A file has got its place just now. */
  public synchronized void placed(TreePath path, FileStatus status) {
    Arrival arrival = arrivals.get(path);
    if (arrival != null && isSame(arrival.ready, status)) {
      arrival.placed = status;
    }
  }

  /** A rename changes nothing but the ctime. */
  private static boolean isSame(FileStatus ready, FileStatus placed) {
    return ready.inode() == placed.inode()
        && ready.size() == placed.size()
        && ready.modifiedSeconds() == placed.modifiedSeconds()
        && ready.modifiedNanos() == placed.modifiedNanos()
        && ready.birthSeconds() == placed.birthSeconds()
        && ready.birthNanos() == placed.birthNanos();
  }

  /** After a pass that went well: keeps what is known of files that are as they were put there. */
  public synchronized void lookBack(ConfinedRoot root, SliceComparer volume)
      throws InterruptedException {
    if (files == null || arrivals.isEmpty()) {
      return;
    }
    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    long flushedMillis = clock.millis();
    try {
      root.fd().syncFileSystem(); // a store through a mapping is noted if it meets a clean page
      for (Map.Entry<TreePath, Arrival> each : arrivals.entrySet()) {
        keep(each.getKey(), each.getValue(), volume, flushedMillis);
      }
      files.trim(BYTES_MAX);
    } catch (IOException e) {
      LOG.warn("not all signatures are kept: {}", e.getMessage());
    }
  }

  private void keep(TreePath path, Arrival arrival, SliceComparer volume, long flushedMillis)
      throws IOException {
    FileStatus placed = arrival.placed;
    if (files == null || placed == null) {
      return;
    }
    FileStatus now;
    try (Directory directory = volume.openIfDirectory(path.parent())) {
      now = directory == null ? null : directory.statusIfPresent(path.name());
    } catch (LinuxException e) {
      LOG.debug("{} can't be looked at: {}", path, e.getMessage());
      return;
    }
    long version = FileVersion.of(placed);
    if (now != null && FileVersion.of(now) == version && Settling.isDistinct(now, flushedMillis)) {
      Path as = files.sealed(nameOf(path, hash));
      arrival.draft.seal(as, version, flushedMillis, hash);
    }
  }

  /** Forgets what was noted in a pass. */
  public synchronized void endPass() {
    arrivals.values().forEach(arrival -> arrival.draft.close());
    arrivals.clear();
  }
}
