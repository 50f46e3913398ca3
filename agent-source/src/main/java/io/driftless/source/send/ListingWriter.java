package io.driftless.source.send;

import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.SliceHead;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.RecordReader;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.RecordWriter;
import io.driftless.source.read.RecordSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the listing of one slice after the other, in parts. Confined to one thread.
 *
 * <p>Every wait for the window of streamed bytes sends first what has gathered: the target can give
 * back only what it has got.
 */
public final class ListingWriter implements RecordSink, AutoCloseable {
  /** The index that the record of the directory itself bears. */
  public static final int SELF = -1;

  private final Conversation conversation;
  private final OpenSlices slices;
  private final Window streamedBytes;
  private final RecordBuffer buffer;
  private @Nullable OpenSlice slice;
  private @Nullable SliceHead head;
  private int firstIndex;
  private int nextIndex;

  public ListingWriter(Conversation conversation, OpenSlices slices) {
    this.conversation = conversation;
    this.slices = slices;
    this.streamedBytes = slices.streamedBytes();
    this.buffer = new RecordBuffer(conversation);
  }

  /**
   * Begins with the next slice.
   *
   * @param sequence taken before its directory was opened
   */
  public void begin(OpenSlice next, long sequence) {
    slice = next;
    head = new SliceHead(sequence, next.directory(), next.scope());
    firstIndex = 0;
    nextIndex = 0;
    next.countAnew();
  }

  /** Appends the directory itself; only as the first record. */
  public void self(Entry entry) {
    new RecordWriter(buffer.next()).entry(SELF, entry, Settled.STABLE);
  }

  /** The index that the next entry has. */
  public int nextIndex() {
    return nextIndex;
  }

  /** Appends an entry without content. */
  public void entry(Entry entry) throws IOException, InterruptedException {
    new RecordWriter(room(0)).entry(nextIndex, entry, Settled.STABLE);
    number(entry);
  }

  /** The caller has appended the record of a regular file, with the next index, to the room. */
  public void appended(Name name, LinkRole role, long sizeBytes) {
    OpenSlice to = current();
    to.names().add(name, role);
    to.count(sizeBytes);
    nextIndex++;
  }

  @Override
  public ByteBuf room(int contentBytes) throws IOException, InterruptedException {
    if (buffer.isFullFor(contentBytes)) {
      send(Part.MORE_FOLLOW, Completeness.COMPLETE);
    }
    if (contentBytes > 0 && !streamedBytes.tryTake(contentBytes)) {
      if (!buffer.isEmpty()) {
        send(Part.MORE_FOLLOW, Completeness.COMPLETE);
      }
      streamedBytes.take(contentBytes);
    }
    return buffer.next();
  }

  @Override
  public void unused(int contentBytes) {
    streamedBytes.giveBack(contentBytes);
  }

  /** Sends the last part. */
  public void finish(Completeness completeness) throws IOException, InterruptedException {
    OpenSlice finished = current();
    slices.listed(finished);
    send(Part.LAST, completeness);
    slice = null;
  }

  /** Sends a slice just as it was offered. */
  public void sendHeld(OpenSlice next, HeldListing held) throws IOException, InterruptedException {
    begin(next, held.sequence());
    ByteBuf all = Unpooled.wrappedBuffer(held.records().bytes());
    var reader = new RecordReader(all);
    int start = 0;
    while (reader.next()) {
      int end = all.readerIndex();
      ByteBuf room = room(0);
      room.writeBytes(held.records().bytes(), start, end - start);
      start = end;
      if (reader.index() != SELF) {
        number(reader.entry());
      }
    }
    finish(held.completeness());
  }

  private void number(Entry entry) {
    if (entry.kind() == Kind.REGULAR) {
      appended(entry.requireName(), entry.linkRole(), entry.metadata().sizeBytes());
      return;
    }
    current().names().skip();
    nextIndex++;
    if (entry.kind() != Kind.DIRECTORY) {
      current().count(0);
    }
  }

  private void send(Part part, Completeness completeness) throws IOException, InterruptedException {
    OpenSlice of = current();
    var records = conversation.pack(buffer.take());
    var listing = new Listing(of.number(), head, firstIndex, part, completeness, records);
    head = null;
    firstIndex = nextIndex;
    conversation.sendContent(listing, of.number());
  }

  private OpenSlice current() {
    if (slice == null) {
      throw new IllegalStateException("no slice has begun");
    }
    return slice;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
