package io.driftless.target.stage;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of a {@link RedoJournal}, from the first to the last. Confined to one thread. */
final class RedoRecords implements AutoCloseable {
  /** No write is longer than what arrives at once, and no path either. */
  private static final int CONTENT_BYTES_MAX = 64 << 20;

  private final Fd fd;
  private final long limit;
  private final ByteBuf head = Unpooled.directBuffer(RedoJournal.HEAD_BYTES);
  private ByteBuf content = Unpooled.directBuffer(1 << 16);
  private int checksum;
  private long at;
  private long offset;
  private long length;

  /** Up to where the journal has been written; its descriptor stays the caller's. */
  RedoRecords(Fd fd, long limit) {
    this.fd = fd;
    this.limit = limit;
  }

  /** What a complete journal says besides its changes. */
  record Summary(long inode, long birth, TreePath path, long sizeBytes, Timestamp modified) {
    boolean isOf(FileStatus file) {
      return file.isRegular()
          && file.linkCount() == 1
          && file.inode() == inode
          && RedoJournal.birth(file) == birth;
    }
  }

  /** Reads all of it; null if it was never sealed. */
  @Nullable Summary summary() throws LinuxException {
    at = 0;
    checksum = 0;
    if (!next() || offset != RedoJournal.MAGIC || length < 2 * Long.BYTES) {
      return null;
    }
    long inode = content.getLongLE(0);
    long birth = content.getLongLE(Long.BYTES);
    byte[] path = ByteBufUtil.getBytes(content, 2 * Long.BYTES, (int) length - 2 * Long.BYTES);
    while (next()) {
      if (length == RedoJournal.END) {
        var modified = new Timestamp(content.getLongLE(0), content.getIntLE(Long.BYTES));
        return new Summary(inode, birth, TreePath.of(path), offset, modified);
      }
    }
    return null;
  }

  /** Hands over all changes in their order. */
  void follow(ContentSink sink) throws IOException {
    at = 0;
    checksum = 0;
    boolean isFirst = true;
    while (next() && length != RedoJournal.END) {
      if (!isFirst && length > 0) {
        sink.write(offset, content, 0, (int) length);
      } else if (!isFirst) {
        sink.hole(offset, -length);
      }
      isFirst = false;
    }
  }

  /** Reads a record; false where none is, or none that was written completely. */
  private boolean next() throws LinuxException {
    if (at + RedoJournal.HEAD_BYTES > limit
        || fd.readAt(at, head.memoryAddress(), RedoJournal.HEAD_BYTES) < RedoJournal.HEAD_BYTES) {
      return false;
    }
    offset = head.getLongLE(0);
    length = head.getLongLE(Long.BYTES);
    long size = length == RedoJournal.END ? RedoJournal.TIME_BYTES : Math.max(0, length);
    if (size > CONTENT_BYTES_MAX || at + RedoJournal.HEAD_BYTES + size > limit) {
      return false;
    }
    content.clear().ensureWritable((int) size);
    int read =
        size == 0 ? 0 : fd.readAt(at + RedoJournal.HEAD_BYTES, content.memoryAddress(), (int) size);
    int sum = RedoJournal.chained(checksum, offset, length, content, 0, (int) size);
    if (read < size || sum != head.getIntLE(2 * Long.BYTES)) {
      return false;
    }
    checksum = sum;
    at += RedoJournal.HEAD_BYTES + size;
    return true;
  }

  @Override
  public void close() {
    head.release();
    content.release();
  }
}
