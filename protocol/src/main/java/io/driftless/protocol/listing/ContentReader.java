package io.driftless.protocol.listing;

import io.driftless.protocol.linux.AccessPattern;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.Residency;
import io.driftless.protocol.pace.Pace;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the files of one file system hold: no faster than the disk may be read, and so that
 * the page cache is afterwards as it was before. Thread-safe.
 */
public final class ContentReader {
  /*
   * How the page cache is left alone. A kernel from 6.16 on drops what a read has brought in, and
   * nothing else, for a quarter of a second of a processor for each GiB that was not cached.
   * Elsewhere it is noted before what is cached, and afterwards the rest is let go; what somebody
   * else has read meanwhile goes with it. A small file is one such stretch, a large one many, each
   * noted before the kernel reads so far ahead, which is less than AHEAD_BYTES. Of a part it is
   * told to read nothing ahead, since another thread has the next part, and what is brought in
   * behind it would stay. Files in memory are cached by nature.
   */
  private static final int STRETCH_BYTES = 32 << 20;
  private static final int AHEAD_BYTES = 8 << 20;

  private final Pace disk;
  private volatile @Nullable Manner manner;

  /**
   * A reader that has read nothing.
   *
   * @param disk paces all that is read
   */
  public ContentReader(Pace disk) {
    this.disk = disk;
  }

  /** As {@link #ContentReader(Pace)}, as on a kernel that can drop nothing by itself. */
  static ContentReader ofOldKernel(Pace disk) {
    var reader = new ContentReader(disk);
    reader.manner = Manner.RESTORING;
    return reader;
  }

  private enum Manner {
    /** The kernel drops what was read. */
    PASSING,
    /** What was not cached before is let go afterwards. */
    RESTORING,
    /** There is nothing to be kept free. */
    PLAIN
  }

  /**
   * Begins to read a file from its beginning to its end; the page cache is as it was once the
   * reading is closed.
   *
   * @param file stays the caller's
   * @param bytes of the file; no more will be read
   */
  public Reading open(Fd file, long bytes) {
    return new Reading(file, bytes, AHEAD_BYTES);
  }

  /** As {@link #open}, of a part whose neighbours others read. */
  public Reading openPart(Fd file, long end) throws LinuxException {
    if (mannerFor(file) != Manner.PLAIN) {
      file.advise(0, 0, AccessPattern.RANDOM);
    }
    return new Reading(file, end, 0);
  }

  /** Reads as {@link Fd#readAt}, and leaves it in the page cache, because it is wanted again. */
  public int readAndKeep(Fd file, long offset, long address, int length)
      throws LinuxException, InterruptedException {
    int done = 0;
    while (done < length) {
      int count = disk.take(length - done);
      int got = file.readAt(offset + done, address + done, count);
      done += got;
      if (got < count) {
        break;
      }
    }
    return done;
  }

  /**
   * What of a part is cached, for whoever reads it more than once, and restores it then.
   *
   * @param length at most {@link Residency#BYTES_MAX}
   */
  public Residency note(Fd file, long offset, long length) throws LinuxException {
    if (mannerFor(file) == Manner.PLAIN) {
      return Residency.UNKNOWN;
    }
    file.advise(0, 0, AccessPattern.RANDOM);
    return Residency.of(file, offset, length);
  }

  private Manner mannerFor(Fd file) throws LinuxException {
    Manner known = manner;
    if (known == null) {
      known = file.fileSystem().isInMemory() ? Manner.PLAIN : Manner.PASSING;
      manner = known;
    }
    return known;
  }

  /** One file, or a part of one, as it is read. Confined to one thread. */
  public final class Reading implements AutoCloseable {
    private final Fd file;
    private final long end;
    private final int ahead;
    private Residency stretch = Residency.UNKNOWN;
    private Residency nextStretch = Residency.UNKNOWN;
    private long notedFrom;
    private long notedTo;

    private Reading(Fd file, long end, int ahead) {
      this.file = file;
      this.end = end;
      this.ahead = ahead;
    }

    /** As {@link Fd#readAt(long, long, int)}; waits for the pace of the disk. */
    public int read(long offset, long address, int length)
        throws LinuxException, InterruptedException {
      int done = 0;
      while (done < length) {
        int got = readSome(offset + done, address + done, length - done);
        if (got == 0) {
          break;
        }
        done += got;
      }
      return done;
    }

    /** Reads what the pace grants at once; 0 only at the end of the file. */
    public int readSome(long offset, long address, int lengthMax)
        throws LinuxException, InterruptedException {
      int length = disk.take(lengthMax);
      if (mannerFor(file) == Manner.PASSING) {
        int got = file.readInPassing(offset, address, length);
        if (got >= 0) {
          return got;
        }
        manner = Manner.RESTORING;
      }
      if (manner == Manner.RESTORING) {
        note(offset, length);
      }
      return file.readAt(offset, address, length);
    }

    private void note(long offset, int length) {
      if (offset < notedFrom || offset > notedTo) {
        close();
        notedFrom = offset;
        notedTo = offset;
      }
      long wanted = Math.min(end, offset + length + ahead);
      if (wanted > notedTo) {
        stretch.restore(file);
        stretch = nextStretch;
        long bytes = Math.min(end - notedTo, Math.max(STRETCH_BYTES, wanted - notedTo));
        nextStretch = Residency.of(file, notedTo, bytes);
        notedTo += bytes;
      }
    }

    @Override
    public void close() {
      stretch.restore(file);
      nextStretch.restore(file);
      stretch = Residency.UNKNOWN;
      nextStretch = Residency.UNKNOWN;
    }
  }
}
