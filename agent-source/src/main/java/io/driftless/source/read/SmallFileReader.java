package io.driftless.source.read;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.wire.RecordReader.DataExtent;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.RecordWriter;
import io.driftless.source.read.EntryReader.RoleOf;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends regular files to a record sink: entry and, of small ones, the content.
 *
 * <p>A file that was written to meanwhile is read again, a few times after short pauses, and goes
 * out as busy if it won't hold still. Thread-safe.
 */
public final class SmallFileReader {
  /** How often a file is read that changes meanwhile. */
  static final int READINGS = 3;

  private static final int EXTENTS_MAX = 1024;

  private final EntryReader entries;
  private final ContentHash hash;
  private final ContentReader contents;
  private final InstantSource clock;

  /**
   * A reader of files.
   *
   * @param hash of them as the target has it
   */
  public SmallFileReader(
      EntryReader entries, ContentHash hash, ContentReader contents, InstantSource clock) {
    this.entries = entries;
    this.hash = hash;
    this.contents = contents;
    this.clock = clock;
  }

  /** What became of an attempt. */
  public enum Outcome {
    /** The record has the content. */
    WITH_CONTENT,
    /** As {@link #WITH_CONTENT}, a mix of moments, marked as such for the target. */
    BUSY,
    /** The record has the entry alone: the file is large, or has its content elsewhere. */
    ENTRY_ONLY,
    /** Written a moment ago: nothing was appended, it should be looked at a little later. */
    UNSETTLED,
    /** Nothing of this name is there. */
    VANISHED,
    /** It is there and no regular file. */
    OTHER_KIND
  }

  /** Whether to come back later to a file that was written to a moment ago. */
  public enum Patience {
    DEFER,
    WAIT
  }

  /**
   * An appended record.
   *
   * @param sizeBytes of the file; 0 where there is no record
   * @param entry null where there is no record
   */
  public record Read(
      Outcome outcome, LinkRole role, long sizeBytes, int contentBytes, @Nullable Entry entry) {
    private static Read nothing(Outcome outcome) {
      return new Read(outcome, LinkRole.ONLY, 0, 0, null);
    }
  }

  /**
   * Reads one file.
   *
   * @throws LinuxException if it can't be read; nothing was appended
   * @throws UncarriableException if its metadata can't be carried; nothing was appended
   */
  public Read read(
      Directory directory, Name name, int index, RoleOf role, Patience patience, RecordSink sink)
      throws IOException, InterruptedException, UncarriableException {
    try (Fd fd = directory.openForReadingIfPresent(name)) {
      if (fd == null) {
        return Read.nothing(Outcome.VANISHED);
      }
      return new Reading(fd, name, index, role, sink).read(patience);
    }
  }

  /**
   * Appends a record that says so where a file has just the content that the target holds.
   *
   * @return false if it hasn't, or doesn't hold still; nothing was appended
   * @throws LinuxException if it can't be read; nothing was appended
   * @throws UncarriableException if its metadata can't be carried; nothing was appended
   */
  public boolean readIfSame(Directory directory, Name name, Held held, RoleOf role, RecordSink sink)
      throws IOException, InterruptedException, UncarriableException {
    try (Fd fd = directory.openForReadingIfPresent(name)) {
      if (fd == null) {
        return false;
      }
      FileStatus status = fd.status();
      if (!status.isRegular() || status.size() != held.bytes()) {
        return false;
      }
      status = Settling.await(fd, status, clock);
      Entry entry = entries.read(name, fd, status, role.of(status));
      boolean same = held.content().equals(hash.of(fd, held.bytes()));
      if (!same
          || FileVersion.of(fd.status()) != FileVersion.plain(entry.version())
          || unsettledNanos(fd, status) > 0) {
        return false;
      }
      new RecordWriter(sink.room(0)).same(held.index(), entry);
      return true;
    }
  }

  /** One file that is being read. */
  private final class Reading {
    private final Fd fd;
    private final Name name;
    private final int index;
    private final RoleOf roles;
    private final RecordSink sink;

    Reading(Fd fd, Name name, int index, RoleOf roles, RecordSink sink) {
      this.fd = fd;
      this.name = name;
      this.index = index;
      this.roles = roles;
      this.sink = sink;
    }

    Read read(Patience patience) throws IOException, InterruptedException, UncarriableException {
      FileStatus status = fd.status();
      if (!status.isRegular()) {
        return Read.nothing(Outcome.OTHER_KIND);
      }
      if (patience == Patience.DEFER && unsettledNanos(fd, status) > 0) {
        return Read.nothing(Outcome.UNSETTLED);
      }
      for (int reading = 1; ; reading++) {
        status = Settling.await(fd, status, clock);
        LinkRole role = roles.of(status);
        if (role == LinkRole.LATER || status.size() > ContentMessage.INLINE_BYTES_MAX) {
          return entryOnly(status, role);
        }
        Read read = withContent(status, role, reading == READINGS);
        if (read != null) {
          return read;
        }
        status = fd.status();
      }
    }

    private Read entryOnly(FileStatus status, LinkRole role)
        throws IOException, InterruptedException, UncarriableException {
      Entry entry = entries.read(name, fd, status, role);
      new RecordWriter(sink.room(0)).entry(index, entry, Settled.STABLE);
      return new Read(Outcome.ENTRY_ONLY, role, status.size(), 0, entry);
    }

    /** Returns null if the file changed meanwhile and should be read again. */
    private @Nullable Read withContent(FileStatus status, LinkRole role, boolean last)
        throws IOException, InterruptedException, UncarriableException {
      Entry entry = entries.read(name, fd, status, role);
      List<DataExtent> extents = extents(status);
      int length = lengthOf(extents);
      ByteBuf out = sink.room(length);
      int mark = out.writerIndex();
      int got = 0;
      try {
        append(out, entry, extents, Settled.STABLE);
        got = append(out, extents, status.size());
        FileStatus after = fd.status();
        boolean held = got == length && FileVersion.of(after) == FileVersion.plain(entry.version());
        if (held && unsettledNanos(fd, status) == 0) {
          return new Read(Outcome.WITH_CONTENT, role, status.size(), length, entry);
        }
      } catch (IOException | InterruptedException | RuntimeException | Error e) {
        takeBack(out, mark, length);
        throw e;
      }
      if (!last) {
        takeBack(out, mark, length);
        return null;
      }
      return busy(out, mark, entry, extents, got);
    }

    private void takeBack(ByteBuf out, int mark, int length) {
      out.writerIndex(mark);
      sink.unused(length);
    }

    private void append(ByteBuf out, Entry entry, List<DataExtent> extents, Settled settled) {
      var writer = new RecordWriter(out);
      if (isWhole(entry.metadata().sizeBytes(), extents)) {
        writer.whole(index, entry, settled);
      } else {
        writer.sparse(index, entry, settled, extents);
      }
    }

    /** Appends what the extents hold; stops short where the file ends before. */
    private int append(ByteBuf out, List<DataExtent> extents, long size)
        throws LinuxException, InterruptedException {
      int total = 0;
      try (ContentReader.Reading content = contents.open(fd, size)) {
        for (DataExtent extent : extents) {
          int length = extent.length();
          out.ensureWritable(length);
          int got = content.read(extent.offset(), out.memoryAddress() + out.writerIndex(), length);
          out.writerIndex(out.writerIndex() + got);
          total += got;
          if (got < length) {
            break;
          }
        }
      }
      return total;
    }

    /**
     * Turns the record into one of a busy file. A file that shrank while it was read ends where the
     * reading did; the record's head keeps its length, so the content stays where it is.
     */
    private Read busy(ByteBuf out, int mark, Entry entry, List<DataExtent> extents, int got) {
      int length = lengthOf(extents);
      if (got < length && !isWhole(entry.metadata().sizeBytes(), extents)) {
        return busyWithoutEnd(out, mark, entry, extents);
      }
      int end = out.writerIndex();
      long size = got < length ? got : entry.metadata().sizeBytes();
      out.writerIndex(mark);
      append(out, resized(entry, size), got < length ? whole(got) : extents, Settled.BUSY);
      out.writerIndex(end);
      sink.unused(length - got);
      return new Read(Outcome.BUSY, entry.linkRole(), size, got, entry);
    }

    /** A file with holes that shrank: what can't be read any more counts as zeros. */
    private Read busyWithoutEnd(ByteBuf out, int mark, Entry entry, List<DataExtent> extents) {
      int length = lengthOf(extents);
      int got = out.writerIndex();
      out.writerIndex(mark);
      append(out, entry, extents, Settled.STABLE);
      int start = out.writerIndex();
      out.writerIndex(mark);
      append(out, entry, extents, Settled.BUSY);
      out.writerIndex(got);
      out.writeZero(start + length - got);
      return new Read(Outcome.BUSY, entry.linkRole(), entry.metadata().sizeBytes(), length, entry);
    }

    private List<DataExtent> extents(FileStatus status) throws LinuxException {
      int size = (int) status.size();
      if (!status.mayHaveHoles()) {
        return whole(size);
      }
      var extents = new ArrayList<DataExtent>();
      long at = 0;
      while (at < size && extents.size() < EXTENTS_MAX) {
        long data = fd.nextData(at);
        if (data < 0 || data >= size) {
          break;
        }
        long hole = fd.nextHole(data);
        boolean isLast = hole < 0 || hole >= size || extents.size() + 1 == EXTENTS_MAX;
        at = isLast ? size : hole;
        extents.add(new DataExtent((int) data, (int) (at - data)));
      }
      return extents;
    }
  }

  private long unsettledNanos(Fd fd, FileStatus status) throws LinuxException {
    return Settling.nanosLeft(fd, status, clock.millis());
  }

  private static List<DataExtent> whole(int size) {
    return size == 0 ? List.of() : List.of(new DataExtent(0, size));
  }

  private static boolean isWhole(long size, List<DataExtent> extents) {
    if (size == 0) {
      return extents.isEmpty();
    }
    return extents.size() == 1 && extents.getFirst().length() == size;
  }

  private static int lengthOf(List<DataExtent> extents) {
    int length = 0;
    for (DataExtent extent : extents) {
      length += extent.length();
    }
    return length;
  }

  /** The same file with another size, of which that much could be read. */
  private static Entry resized(Entry entry, long sizeBytes) {
    Metadata metadata = entry.metadata();
    if (metadata.sizeBytes() == sizeBytes) {
      return entry;
    }
    var resized =
        new Metadata(
            metadata.kind(),
            metadata.permissions(),
            metadata.owner(),
            metadata.group(),
            metadata.modified(),
            metadata.accessed(),
            sizeBytes,
            metadata.device(),
            metadata.flags(),
            metadata.linkTarget(),
            metadata.attributes());
    return new Entry(entry.name(), resized, entry.linkRole(), entry.version());
  }
}
