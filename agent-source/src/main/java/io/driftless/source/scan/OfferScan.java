package io.driftless.source.scan;

import static java.util.Objects.requireNonNull;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.protocol.wire.RecordWriter;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.source.scan.ListingScan.Counting;
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
  private final StatusScan statuses;
  private final SliceAccount account;
  private final ByteBuf records;
  private @Nullable KnownSlice known;

  OfferScan(WalkContext context) {
    this.context = context;
    this.gatherer = new EntryGatherer(context);
    this.statuses = new StatusScan(context);
    this.account = new SliceAccount(context);
    this.records = context.conversation().allocator().directBuffer(INITIAL_BYTES);
  }

  /** Tells whether something is known of a directory, and it is still so; one reading tells. */
  boolean isStill(Visit.Open open, int entriesMax) throws InterruptedException {
    known = known(open, Scope.ALL);
    return known != null && statuses.isStill(known.witness(), open, entriesMax);
  }

  /** How many entries the directory has of which {@link #isStill} was true. */
  int entries() {
    return statuses.entries();
  }

  /** Offers a slice by what is known of it, when it was found to be still so. */
  void offerKnown(OpenSlice slice, Visit.Open open, Counting counts, List<Name> subdirectories)
      throws IOException {
    KnownSlice still = requireNonNull(known);
    subdirectories.addAll(statuses.subdirectories());
    statuses.count(slice, open, counts);
    slice.offered(null, subdirectories);
    send(slice, open, still.entries(), still.digest(), still.witness());
  }

  /**
   * Offers a slice: a scope by what is known of it where its witness is the same, else by what it
   * reads.
   *
   * @param subdirectories gathers the names of the directories in it
   */
  void offer(
      OpenSlice slice,
      Visit.Open open,
      NameList names,
      Reach reach,
      Counting counts,
      List<Name> subdirectories)
      throws IOException, InterruptedException {
    if (reach == Reach.ALL && isStill(slice.scope(), open, names)) {
      offerKnown(slice, open, counts, subdirectories);
      return;
    }
    read(slice, open, names, reach, counts, subdirectories);
    send(slice, open, account.entries(), account.digest(), account.witness());
  }

  /** Of a whole directory, {@link #isStill(Visit.Open, int)} has told. */
  private boolean isStill(Scope scope, Visit.Open open, NameList names)
      throws InterruptedException {
    known = scope.equals(Scope.ALL) ? null : known(open, scope);
    return known != null
        && statuses.isStill(known.witness(), open, names, scope.holdsDirectoryItself());
  }

  private @Nullable KnownSlice known(Visit.Open open, Scope scope) {
    WitnessStore witnesses = context.witnesses();
    return witnesses.isTrusted()
        ? KnownSlice.decode(witnesses.find(witnesses.keyOf(open.path(), scope)))
        : null;
  }

  private void send(OpenSlice slice, Visit.Open open, int entries, Digest digest, long witness) {
    context
        .offers()
        .add(
            new Offer(
                slice.number(),
                open.sequence(),
                open.path(),
                slice.scope(),
                entries,
                digest,
                witness));
  }

  private void read(
      OpenSlice slice,
      Visit.Open open,
      NameList names,
      Reach reach,
      Counting counts,
      List<Name> subdirectories)
      throws IOException, InterruptedException {
    begin(slice, open);
    if (slice.scope().holdsDirectoryItself()) {
      Entry self = open.self();
      account.addSelf(self, open.status());
      if (self != null) {
        record(ListingWriter.SELF, self);
      }
    }
    for (int i = 0; i < names.size(); i++) {
      Entry entry = gatherer.gather(open, names.name(i), names.kind(i));
      if (entry != null) {
        count(slice, entry, counts, subdirectories);
        record(account.entries(), entry);
        add(entry);
      }
    }
    boolean isComplete = reach == Reach.ALL && gatherer.completeness() == Completeness.COMPLETE;
    Completeness completeness = isComplete ? Completeness.COMPLETE : Completeness.INCOMPLETE;
    if (!isComplete) {
      account.doubt();
    }
    account.keep(open, slice.scope());
    if (counts == Counting.FOUND_NOW) {
      account.countOwners();
    }
    slice.offered(held(open.sequence(), completeness), subdirectories);
  }

  private void begin(OpenSlice slice, Visit.Open open) {
    gatherer.begin(slice);
    account.begin(open);
    records.clear();
    if (records.capacity() > HELD_OF_SLICE_MAX) {
      records.capacity(INITIAL_BYTES);
    }
  }

  private void add(Entry entry) {
    FileStatus status = gatherer.status();
    if (entry.kind() == Kind.DIRECTORY || status == null) {
      account.addSubdirectory(entry);
    } else {
      account.add(entry, status);
    }
  }

  private void count(OpenSlice slice, Entry entry, Counting counts, List<Name> subdirectories) {
    if (entry.kind() == Kind.DIRECTORY) {
      subdirectories.add(entry.requireName());
      return;
    }
    boolean isFile = entry.kind() == Kind.REGULAR;
    slice.count(isFile ? entry.metadata().sizeBytes() : 0);
    if (counts == Counting.FOUND_BEFORE) {
      return;
    }
    if (isFile) {
      context.tally().fileFound(entry.metadata().sizeBytes());
    } else {
      context.tally().otherFound();
    }
  }

  private void record(int index, Entry entry) {
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
