package io.driftless.protocol.wire;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.wire.codec.WireText;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a listing or of contents, one after the other. Confined to one thread.
 *
 * <pre>
 * form u8 (upper bit: busy) | index u32 | entry, see EntryCodec   NONE, WHOLE, SPARSE, SAME
 *    WHOLE   | content, as many bytes as the entry is long
 *    SPARSE  | extents u16 | { offset u32 | length u32 }* | content of the extents
 * form u8 | index u32 | detail (length u16, text)                 VANISHED, UNREADABLE
 * </pre>
 */
public final class RecordReader {
  static final int BUSY_BIT = 0x80;
  private static final int EXTENTS_MAX = 1024;
  private static final Form[] FORMS = Form.values();

  /** What a record holds besides the entry. */
  public enum Form {
    NONE,
    WHOLE,
    SPARSE,
    VANISHED,
    UNREADABLE,
    /** No content: it is what the other side said that it has. */
    SAME
  }

  /** Whether the file held still while it was read. */
  public enum Settled {
    STABLE,
    BUSY
  }

  /** A stretch of data in a small file; what lies between is a hole. */
  public record DataExtent(int offset, int length) {}

  private final ByteBuf in;
  private Form form = Form.NONE;
  private Settled settled = Settled.STABLE;
  private int index;
  private @Nullable Entry entry;
  private String detail = "";
  private List<DataExtent> extents = List.of();
  private int contentOffset;

  /** Reads from {@code in}, which stays the caller's and whose reader index moves. */
  public RecordReader(ByteBuf in) {
    this.in = in;
  }

  /**
   * Moves to the next record.
   *
   * @return whether there is one
   * @throws CorruptedFrameException if the bytes are no record
   */
  public boolean next() {
    if (!in.isReadable()) {
      return false;
    }
    try {
      readRecord();
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptedFrameException("cut record", e);
    }
    return true;
  }

  private void readRecord() {
    int head = in.readUnsignedByte();
    int ordinal = head & ~BUSY_BIT;
    if (ordinal >= FORMS.length) {
      throw new CorruptedFrameException("record form " + ordinal);
    }
    form = FORMS[ordinal];
    settled = (head & BUSY_BIT) != 0 ? Settled.BUSY : Settled.STABLE;
    index = in.readInt();
    entry = null;
    detail = "";
    extents = List.of();
    switch (form) {
      case NONE, SAME -> entry = EntryCodec.decode(in);
      case WHOLE -> readWhole();
      case SPARSE -> readSparse();
      case VANISHED, UNREADABLE -> detail = WireText.read(in);
    }
  }

  private void readWhole() {
    long size = readSmallFile();
    extents = size == 0 ? List.of() : List.of(new DataExtent(0, (int) size));
    skipContent(size);
  }

  private void readSparse() {
    long size = readSmallFile();
    int count = in.readUnsignedShort();
    if (count > EXTENTS_MAX) {
      throw new CorruptedFrameException(count + " extents");
    }
    var read = new ArrayList<DataExtent>(count);
    long end = 0;
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      long offset = in.readUnsignedInt();
      long length = in.readUnsignedInt();
      if (offset < end || length == 0 || offset + length > size) {
        throw new CorruptedFrameException(
            "extent %d+%d in a file of %d".formatted(offset, length, size));
      }
      read.add(new DataExtent((int) offset, (int) length));
      end = offset + length;
      bytes += length;
    }
    extents = List.copyOf(read);
    skipContent(bytes);
  }

  private long readSmallFile() {
    Entry file = EntryCodec.decode(in);
    entry = file;
    long size = file.metadata().sizeBytes();
    if (file.kind() != Kind.REGULAR || size > ContentMessage.INLINE_BYTES_MAX) {
      throw new CorruptedFrameException(
          "a %s of %d bytes can't be inline".formatted(file.kind(), size));
    }
    return size;
  }

  private void skipContent(long bytes) {
    if (bytes > in.readableBytes()) {
      throw new CorruptedFrameException(
          "content of %d bytes, %d are there".formatted(bytes, in.readableBytes()));
    }
    contentOffset = in.readerIndex();
    in.skipBytes((int) bytes);
  }

  public Form form() {
    return form;
  }

  public Settled settled() {
    return settled;
  }

  public int index() {
    return index;
  }

  /**
   * The entry.
   *
   * @throws IllegalStateException if the record is one of failure
   */
  public Entry entry() {
    if (entry == null) {
      throw new IllegalStateException("a record of form " + form + " has no entry");
    }
    return entry;
  }

  /** Why the entry can't be had; empty for other forms. */
  public String detail() {
    return detail;
  }

  /**
   * Where data lies in the file, in order; for {@link Form#WHOLE} one extent, or none if it is
   * empty.
   */
  public List<DataExtent> extents() {
    return extents;
  }

  /** Index in the buffer at which the bytes of the extents begin, one behind the other. */
  public int contentOffset() {
    return contentOffset;
  }
}
