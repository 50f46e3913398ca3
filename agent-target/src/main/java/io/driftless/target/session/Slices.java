package io.driftless.target.session;

import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.SliceHead;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.target.stage.StagingArea;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The slices of a pass that are not done, held to their windows. Thread-safe. */
final class Slices {
  private static final int USUAL_RECORD_BYTES = 256;
  private static final long RECORDS_BYTES_SPARE = 32L << 20;

  private final Windows windows;
  private final Workers workers;
  private final Conversation conversation;
  private final ContentRequests requests;
  private final Map<Long, Slice> open = new HashMap<>();
  private final Set<Slice> resting = new LinkedHashSet<>();
  private long entries;
  private long waitingBytes;
  private long seen;
  private @Nullable EndOfWalk end;

  Slices(Windows windows, Workers workers, Conversation conversation, ContentRequests requests) {
    this.windows = windows;
    this.workers = workers;
    this.conversation = conversation;
    this.requests = requests;
  }

  synchronized Slice offered(Offer offer) {
    Slice slice = begin(offer.slice(), offer.directory(), offer.scope(), offer);
    if (offer.entries() < 0) {
      throw new ProtocolViolation("an offer of %d entries".formatted(offer.entries()));
    }
    count(slice, offer.entries());
    return slice;
  }

  /** The slice of a listing, which may begin one that was not offered. */
  synchronized Slice listed(Listing listing) {
    Slice known = open.get(listing.slice());
    if (known != null) {
      return known;
    }
    SliceHead head = listing.head();
    if (head == null) {
      throw new ProtocolViolation("slice %d has no beginning".formatted(listing.slice()));
    }
    return begin(listing.slice(), head.directory(), head.scope(), null);
  }

  private Slice begin(long number, TreePath directory, Scope scope, @Nullable Offer offer) {
    var question = new Question(number, conversation, requests);
    return put(new Slice(number, directory, scope, offer, new Mailbox(workers), question));
  }

  private Slice put(Slice slice) {
    requireForeign(slice.directory);
    if (end != null && seen >= end.slices()) {
      throw new ProtocolViolation("slice %d after the end of the walk".formatted(slice.number));
    }
    if (open.size() >= windows.slices()) {
      throw new ProtocolViolation(
          "slice %d exceeds the window of %d".formatted(slice.number, windows.slices()));
    }
    if (open.putIfAbsent(slice.number, slice) != null) {
      throw new ProtocolViolation("slice %d twice".formatted(slice.number));
    }
    seen++;
    return slice;
  }

  /** The agent's own directory is no part of a volume. */
  static void requireForeign(TreePath path) {
    TreePath at = path;
    while (at.depth() > 1) {
      at = at.parent();
    }
    if (at.depth() == 1 && at.name().equals(StagingArea.HOME)) {
      throw new ProtocolViolation("a path into the staging area: " + path);
    }
  }

  synchronized Slice require(long number) {
    Slice slice = open.get(number);
    if (slice == null) {
      throw new ProtocolViolation("slice %d is not open".formatted(number));
    }
    return slice;
  }

  /** Counts the entries that were listed and had not been announced. */
  synchronized void count(Slice slice) {
    count(slice, Math.max(0, slice.nextIndex - slice.windowEntries));
  }

  private void count(Slice slice, int more) {
    slice.windowEntries += more;
    entries += more;
    if (entries > windows.entries()) {
      throw new ProtocolViolation(
          "%d entries exceed the window of %d".formatted(entries, windows.entries()));
    }
  }

  /** Records have come: their content counts, and some room for what they say besides. */
  synchronized void arrived(long recordBytes) {
    waitingBytes += recordBytes;
    long beside = (long) windows.entries() * USUAL_RECORD_BYTES + RECORDS_BYTES_SPARE;
    if (waitingBytes > windows.streamedBytes() + beside) {
      throw new ProtocolViolation(
          "%d bytes exceed the window of %d".formatted(waitingBytes, windows.streamedBytes()));
    }
  }

  synchronized void handled(long recordBytes) {
    waitingBytes -= recordBytes;
  }

  synchronized void close(Slice slice) {
    if (open.remove(slice.number) != null) {
      entries -= slice.windowEntries;
    }
  }

  /** All of a slice is staged but for the new names that wait for the end of the walk. */
  synchronized void rest(Slice slice) {
    resting.add(slice);
  }

  /** Slices that rest, which they do no longer. */
  synchronized List<Slice> wake() {
    List<Slice> woken = List.copyOf(resting);
    resting.clear();
    return woken;
  }

  /** Lets go of files that are under way; only when nobody works on them any more. */
  synchronized void abandonFiles() {
    open.values().forEach(slice -> slice.largeFiles.values().forEach(LargeFile::close));
  }

  synchronized void end(EndOfWalk walk) {
    if (end != null) {
      throw new ProtocolViolation("the walk ends twice");
    }
    if (walk.slices() < seen) {
      throw new ProtocolViolation("%d slices in all, %d came".formatted(walk.slices(), seen));
    }
    end = walk;
  }

  /** What the source met in all, once it has said that nothing more comes. */
  synchronized Population population() {
    return end == null ? new Population(0, 0) : new Population(end.entries(), end.files());
  }

  /** Whether the source has said that nothing more comes. */
  synchronized boolean isEnded() {
    return end != null;
  }

  /** The source is about to walk what was left for later, and to end the walk once more. */
  synchronized void reopen() {
    end = null;
  }

  /** How many there were. */
  synchronized long seen() {
    return seen;
  }

  /** The source has shown anything at all. */
  synchronized boolean hasAny() {
    return seen > 0;
  }

  /** Everything that the source listed is staged. */
  synchronized boolean areAllStaged() {
    return areAllAtRest() && open.isEmpty();
  }

  /** Everything that the source listed is staged, or waits for the end of the walk. */
  synchronized boolean areAllAtRest() {
    return end != null && seen == end.slices() && open.size() == resting.size();
  }
}
