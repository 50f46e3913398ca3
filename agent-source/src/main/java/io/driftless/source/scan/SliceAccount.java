package io.driftless.source.scan;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.witness.WitnessSum;
import org.jspecify.annotations.Nullable;

/**
 * Sums up one slice after the other while they are read, and remembers them for the next pass.
 * Confined to one thread.
 */
final class SliceAccount {
  private final WalkContext context;
  private final SliceDigest hashes;
  private final OwnerCensus.OfSlice owners = new OwnerCensus.OfSlice();
  private WitnessSum witness;
  private Digest digest = Digest.EMPTY;
  private int entries;
  private boolean doubtful;

  SliceAccount(WalkContext context) {
    this.context = context;
    this.hashes = new SliceDigest(context.hash());
    this.witness = new WitnessSum(context.hash(), 0);
  }

  void begin(Visit.Open open) {
    witness =
        new WitnessSum(context.hash(), Math.min(open.beganMillis(), context.writeback().millis()));
    digest = Digest.EMPTY;
    entries = 0;
    doubtful = false;
    owners.clear();
  }

  /** Adds the directory itself; null if it can't be carried. */
  void addSelf(@Nullable Entry self, FileStatus status) {
    if (self == null) {
      doubt();
      return;
    }
    witness.add(null, status);
    owners.add(status);
    digest = digest.plus(hashes.of(self));
  }

  void addSubdirectory(Entry entry) {
    witness.addSubdirectory(entry.requireName());
    add(entry);
  }

  /**
   * Adds an entry.
   *
   * @param status from before anything else of it was read
   */
  void add(Entry entry, FileStatus status) {
    witness.add(entry.requireName(), status);
    owners.add(status);
    add(entry);
  }

  private void add(Entry entry) {
    digest = digest.plus(hashes.of(entry));
    entries++;
  }

  /** Something of the slice is not as it was read, or was not read. */
  void doubt() {
    doubtful = true;
  }

  Digest digest() {
    return digest;
  }

  int entries() {
    return entries;
  }

  /** The witness, if every change from here on makes another one. */
  long witness() {
    return isCertain() ? witness.value() : Offer.NO_WITNESS;
  }

  private boolean isCertain() {
    return !doubtful && witness.isDistinct();
  }

  /** Counts the owners of a slice that has not been counted before. */
  void countOwners() {
    context.owners().add(owners);
  }

  /** Remembers what the slice came to, or forgets it where that is in doubt. */
  void keep(Visit.Open open, Scope scope) {
    long key = context.witnesses().keyOf(open.path(), scope);
    if (isCertain()) {
      context.witnesses().put(key, new KnownSlice(witness.value(), digest, entries).encode());
    } else {
      context.witnesses().remove(key);
    }
  }
}
