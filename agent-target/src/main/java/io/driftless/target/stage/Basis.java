package io.driftless.target.stage;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a file was before: the version that a delta builds on. Where the file system can share
 * extents it is a private snapshot, which nobody can write to; else the file itself, and then
 * whoever relies on it asks {@link #isUnchanged} in the end. Several threads may {@link #read} at a
 * time; whoever closes it waits for them.
 */
public final class Basis implements AutoCloseable {
  private final Fd fd;
  private final boolean isPrivate;
  private final FileStatus noted;
  private final FileStatus original;

  private Basis(Fd fd, boolean isPrivate, FileStatus noted, FileStatus original) {
    this.fd = fd;
    this.isPrivate = isPrivate;
    this.noted = noted;
    this.original = original;
  }

  /**
   * Takes over an open regular file, whatever happens.
   *
   * @throws LinuxException if it can't be relied on
   */
  public static Basis of(Fd file, StagingArea area, InstantSource clock)
      throws IOException, InterruptedException {
    try {
      Fd snapshot = snapshot(file, area);
      if (snapshot != null) {
        FileStatus original = file.status(); // whoever wrote before the snapshot shows in it
        file.close();
        return new Basis(snapshot, true, snapshot.status(), original);
      }
      // Pages that were written to through a mapping are clean from here on: the next store into
      // one of them is noted as a change of the file, before anybody can read it.
      file.syncContent();
      FileStatus settled = Settling.await(file, file.status(), clock);
      return new Basis(file, false, settled, settled);
    } catch (IOException | InterruptedException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static @Nullable Fd snapshot(Fd file, StagingArea area) throws IOException {
    Fd unnamed;
    try {
      unnamed = area.stage().createUnnamed(0600);
    } catch (LinuxException e) {
      return null;
    }
    try {
      if (unnamed.cloneFrom(file)) {
        return unnamed;
      }
    } catch (LinuxException e) {
      // Not this file, then: it is read as it is.
    }
    unnamed.close();
    return null;
  }

  public long bytes() {
    return noted.size();
  }

  /**
   * The status of the file that it is of: if that is the one that some content had, it is the one
   * that this has.
   */
  public FileStatus original() {
    return original;
  }

  /**
   * Reads a range of it, which stays in the page cache: what matches is copied from there.
   *
   * @return false if it ends before
   * @throws LinuxException if it can't be read
   */
  public boolean read(ContentReader reader, long offset, long address, int length)
      throws LinuxException, InterruptedException {
    return reader.readAndKeep(fd, offset, address, length) == length;
  }

  /** Whether it is a snapshot: what is copied from it shares its extents. */
  boolean isPrivate() {
    return isPrivate;
  }

  /** Whether changing the file itself is cheaper than building it anew, and would do. */
  boolean isChangeable() {
    return !isPrivate && noted.size() >= Draft.IN_PLACE_BYTES_MIN && noted.linkCount() == 1;
  }

  FileStatus noted() {
    return noted;
  }

  Fd fd() {
    return fd;
  }

  /** Whether everything that was read and copied since it was opened is of one version. */
  public boolean isUnchanged() throws LinuxException {
    return isPrivate || FileVersion.of(fd.status()) == FileVersion.of(noted);
  }

  @Override
  public void close() {
    fd.close();
  }
}
