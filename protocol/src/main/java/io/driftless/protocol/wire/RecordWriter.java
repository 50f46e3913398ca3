package io.driftless.protocol.wire;

import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.wire.RecordReader.Form;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.codec.WireText;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Appends records of entries, with or without their content, to a buffer that the caller owns. See
 * {@link RecordReader} for the format. Confined to one thread.
 *
 * <p>Content is written behind its record by the caller, straight from the file; a record whose
 * file changed meanwhile is taken back by {@link #rewind}.
 */
public final class RecordWriter {
  private final ByteBuf out;

  public RecordWriter(ByteBuf out) {
    this.out = out;
  }

  /** The position to hand to {@link #rewind}. */
  public int mark() {
    return out.writerIndex();
  }

  /** Takes back everything since {@code mark}. */
  public void rewind(int mark) {
    out.writerIndex(mark);
  }

  /** An entry without content. */
  public void entry(int index, Entry entry, Settled settled) {
    head(Form.NONE, settled, index);
    EntryCodec.encode(entry, out);
  }

  /** An entry whose content is what the other side said that it has. */
  public void same(int index, Entry entry) {
    head(Form.SAME, Settled.STABLE, index);
    EntryCodec.encode(entry, out);
  }

  /** An entry whose content, {@code sizeBytes} of its metadata, the caller appends next. */
  public void whole(int index, Entry entry, Settled settled) {
    head(Form.WHOLE, settled, index);
    EntryCodec.encode(entry, out);
  }

  /**
   * An entry with holes; the caller appends the bytes of these extents next, one behind the other.
   */
  public void sparse(
      int index, Entry entry, Settled settled, List<RecordReader.DataExtent> extents) {
    head(Form.SPARSE, settled, index);
    EntryCodec.encode(entry, out);
    out.writeShort(extents.size());
    for (RecordReader.DataExtent extent : extents) {
      out.writeInt(extent.offset()).writeInt(extent.length());
    }
  }

  /** An entry that was asked for and can't be had. */
  public void failed(int index, Reading reading, String detail) {
    head(reading == Reading.VANISHED ? Form.VANISHED : Form.UNREADABLE, Settled.STABLE, index);
    WireText.write(detail, out);
  }

  private void head(Form form, Settled settled, int index) {
    out.writeByte(form.ordinal() | (settled == Settled.BUSY ? RecordReader.BUSY_BIT : 0));
    out.writeInt(index);
  }
}
