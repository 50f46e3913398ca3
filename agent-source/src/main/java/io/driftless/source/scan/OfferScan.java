package io.driftless.source.scan;

import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.RecordWriter;
import io.driftless.source.send.HeldListing;
import io.driftless.source.send.ListingWriter;
import io.driftless.source.send.OpenSlice;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Digests slices and offers them; keeps their records, as long as they are few enough, for the case
 * that the target wants to see them. Confined to one thread.
 */
final class OfferScan implements AutoCloseable {
  /** Records of one slice that are kept; a larger one is read again. */
  private static final int HELD_OF_SLICE_MAX = 4 * 1024 * 1024;

  /** Records of all slices that are kept. */
  private static final int HELD_MAX = 48 * 1024 * 1024;

  private static final int INITIAL_BYTES = 64 * 1024;

  private final WalkContext context;
  private final EntryGatherer gatherer;
  private final SliceDigest hashes;
  private final ByteBuf records;
  private Digest digest = Digest.EMPTY;
  private int count;

  OfferScan(WalkContext context) {
    this.context = context;
    this.gatherer = new EntryGatherer(context);
    this.hashes = new SliceDigest(context.hash());
    this.records = context.conversation().allocator().directBuffer(INITIAL_BYTES);
  }

  /**
   * Offers a slice.
   *
   * @param subdirectories gathers the names of the directories in it
   */
  void offer(
      OpenSlice slice, Visit.Open open, NameList names, Reach reach, List<Name> subdirectories)
      throws IOException {
    begin(slice);
    if (open.self() != null && slice.scope().holdsDirectoryItself()) {
      add(ListingWriter.SELF, open.self());
    }
    for (int i = 0; i < names.size(); i++) {
      Entry entry = gatherer.gather(open, names.name(i), names.kind(i));
      if (entry != null) {
        count(slice, entry, subdirectories);
        add(count++, entry);
      }
    }
    boolean isComplete = reach == Reach.ALL && gatherer.completeness() == Completeness.COMPLETE;
    Completeness completeness = isComplete ? Completeness.COMPLETE : Completeness.INCOMPLETE;
    slice.offered(held(open.sequence(), completeness), subdirectories);
    context
        .offers()
        .add(new Offer(slice.number(), open.sequence(), open.path(), slice.scope(), count, digest));
  }

  private void begin(OpenSlice slice) {
    gatherer.begin(slice);
    records.clear();
    if (records.capacity() > HELD_OF_SLICE_MAX) {
      records.capacity(INITIAL_BYTES);
    }
    digest = Digest.EMPTY;
    count = 0;
  }

  private void count(OpenSlice slice, Entry entry, List<Name> subdirectories) {
    if (entry.kind() == Kind.DIRECTORY) {
      subdirectories.add(entry.requireName());
    } else if (entry.kind() == Kind.REGULAR) {
      context.tally().fileFound(entry.metadata().sizeBytes());
      slice.count(entry.metadata().sizeBytes());
    } else {
      context.tally().otherFound();
      slice.count(0);
    }
  }

  private void add(int index, Entry entry) {
    digest = digest.plus(hashes.of(entry));
    if (records.readableBytes() <= HELD_OF_SLICE_MAX) {
      new RecordWriter(records).entry(index, entry, Settled.STABLE);
    }
  }

  private @Nullable HeldListing held(long sequence, Completeness completeness) {
    int length = records.readableBytes();
    if (length > HELD_OF_SLICE_MAX || !context.slices().mayHold(length, HELD_MAX)) {
      return null;
    }
    byte[] bytes = new byte[length];
    records.readBytes(bytes);
    return new HeldListing(sequence, completeness, new HeldListing.Records(bytes));
  }

  @Override
  public void close() {
    records.release();
  }
}
