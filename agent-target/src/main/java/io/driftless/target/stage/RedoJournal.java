package io.driftless.target.stage;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * What is to be changed in a large file, written down before the first byte of it is. Once {@link
 * #seal sealed} it is durable, and {@link RedoRecords} can be followed as often as need be; until
 * then it counts for nothing. Confined to one thread at a time.
 *
 * <p>All numbers are little-endian. Every record is an offset, a length, a checksum and content.
 * The first has {@link #MAGIC} for its offset, and as content the inode, its time of birth and the
 * path. A write has its bytes; a hole the negative of its length and no content; the last has the
 * size of the new version for its offset, {@link #END} for its length, and its mtime for content. A
 * checksum is the CRC-32C of the one before, of offset and length, and of the content.
 */
final class RedoJournal implements ContentSink, AutoCloseable {
  static final long MAGIC = 0x314f_4445_5253_4c44L;
  static final long END = Long.MIN_VALUE;
  static final int HEAD_BYTES = 20;
  static final int TIME_BYTES = 12;

  private final Directory shelf;
  private final Name name;
  private final Fd fd;
  private final Room room;
  private int checksum;
  private long endBytes;

  private RedoJournal(Directory shelf, Name name, Fd fd, Room room) {
    this.shelf = shelf;
    this.name = name;
    this.fd = fd;
    this.room = room;
  }

  /**
   * Begins one, in the place of any that there was.
   *
   * @param name in {@code redo/}
   * @param path of the file that is to change
   * @param basis what it is now
   */
  static RedoJournal begin(StagingArea area, Name name, TreePath path, FileStatus basis, Room room)
      throws IOException {
    Directory shelf = area.redo();
    if (shelf.statusIfPresent(name) != null) {
      shelf.remove(name);
    }
    RedoJournal journal;
    try {
      journal = new RedoJournal(shelf, name, shelf.create(name, 0600), room);
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, 0) : e;
    }
    try {
      journal.describe(path, basis);
      return journal;
    } catch (IOException e) {
      journal.drop();
      throw e;
    }
  }

  private void describe(TreePath path, FileStatus basis) throws IOException {
    byte[] names = path.toBytes();
    ByteBuf content = Unpooled.directBuffer(2 * Long.BYTES + names.length);
    try {
      content.writeLongLE(basis.inode()).writeLongLE(birth(basis)).writeBytes(names);
      record(MAGIC, content.readableBytes(), content, 0, content.readableBytes());
    } finally {
      content.release();
    }
  }

  /** Tells an inode from one that had its number before. */
  static long birth(FileStatus status) {
    return status.hasBirthTime() ? status.birthSeconds() * 1_000_000_000 + status.birthNanos() : 0;
  }

  /** What links a record to those before it. */
  static int chained(
      int before, long offset, long length, ByteBuf content, int position, int size) {
    var sum = new CRC32C();
    ByteBuf head = Unpooled.buffer(HEAD_BYTES);
    head.writeIntLE(before).writeLongLE(offset).writeLongLE(length);
    sum.update(head.array(), head.arrayOffset(), HEAD_BYTES);
    sum.update(content.nioBuffer(position, size));
    return (int) sum.getValue();
  }

  /** Its length, and where the next record goes. */
  long endBytes() {
    return endBytes;
  }

  Fd fd() {
    return fd;
  }

  @Override
  public void write(long offset, ByteBuf bytes, int position, int length) throws IOException {
    room.require(length);
    record(offset, length, bytes, position, length);
  }

  @Override
  public void hole(long offset, long length) throws IOException {
    record(offset, -length, Unpooled.EMPTY_BUFFER, 0, 0);
  }

  /** Appends a record. One that found no room is written over by the next. */
  private void record(long offset, long length, ByteBuf content, int position, int size)
      throws IOException {
    int sum = chained(checksum, offset, length, content, position, size);
    ByteBuf head = Unpooled.directBuffer(HEAD_BYTES);
    try {
      head.writeLongLE(offset).writeLongLE(length).writeIntLE(sum);
      fd.writeAt(endBytes, head.memoryAddress(), HEAD_BYTES);
      if (size > 0) {
        fd.writeAt(endBytes + HEAD_BYTES, content.memoryAddress() + position, size);
      }
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, size) : e;
    } finally {
      head.release();
    }
    checksum = sum;
    endBytes += HEAD_BYTES + size;
  }

  /** Says what the new version is like as a whole, and makes all of it durable. */
  void seal(long sizeBytes, Timestamp modified) throws IOException {
    ByteBuf time = Unpooled.directBuffer(TIME_BYTES);
    try {
      time.writeLongLE(modified.seconds()).writeIntLE(modified.nanos());
      record(sizeBytes, END, time, 0, TIME_BYTES);
    } finally {
      time.release();
    }
    fd.sync();
    shelf.fd().sync();
  }

  /** It is done, or will never be. */
  void drop() throws LinuxException {
    close();
    shelf.remove(name);
  }

  /** Closes it; what is there stays. */
  @Override
  public void close() {
    fd.close();
  }
}
