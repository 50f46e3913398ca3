package io.driftless.target.session;

import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.tree.Entry;
import io.driftless.target.session.LargeFile.Step;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One time through a large file from its beginning to its end: what of it has been asked for, and
 * whether all that came is of one version. Belongs to the mailbox of its slice, but for {@link
 * #nextOffset}.
 */
final class Round {
  private static final int ROUNDS_MAX = 3;
  private static final int SEGMENT = ContentMessage.SEGMENT_BYTES_MAX;

  final Entry entry;
  final long sizeBytes;
  private final int number;
  private final Map<Long, Integer> asked = new HashMap<>();
  private volatile long nextOffset;
  private boolean changed;
  private boolean gap;

  private Round(int number, Entry entry) {
    this.number = number;
    this.entry = entry;
    this.sizeBytes = entry.metadata().sizeBytes();
  }

  static Round first(Entry entry) {
    return new Round(1, entry);
  }

  boolean isFirst() {
    return number == 1;
  }

  /** The one after it, which goes by a later version of the entry. */
  Round next(Entry fresh) {
    return new Round(number + 1, fresh);
  }

  /** The same once more, as if nothing had been asked for. */
  Round again() {
    return new Round(number, entry);
  }

  /** What is to be asked for next. From any thread. */
  long nextOffset() {
    return nextOffset;
  }

  /** Whether there is something left to ask for. From any thread. */
  boolean hasMore() {
    return nextOffset < sizeBytes;
  }

  /** The next segment has been asked for; its answer may cost so much. */
  void asked(long length, long cost) {
    long offset = nextOffset;
    asked.put(offset, (int) cost);
    nextOffset = offset + length;
  }

  /** Nothing more is asked for. */
  void askNoMore() {
    nextOffset = sizeBytes;
  }

  /** What the answer to a question was said to cost; null if nobody has asked it. */
  @Nullable Integer answered(long offset) {
    return asked.remove(offset);
  }

  boolean isAllAnswered() {
    return asked.isEmpty();
  }

  boolean isOver() {
    return isAllAnswered() && !hasMore();
  }

  /**
   * Where to go on after a hole that may lead far beyond what was asked for.
   *
   * @param end of the hole
   */
  long resumeAfter(long end) {
    return end >= sizeBytes ? sizeBytes : end - end % SEGMENT;
  }

  /** What lies before this offset need not be asked for. */
  void skipTo(long offset) {
    nextOffset = Math.max(nextOffset, offset);
  }

  /**
   * Takes note of what a segment was read from.
   *
   * @param end of what came
   * @param due end of what was asked for
   */
  void judge(long version, long fileBytes, long end, long due) {
    if (!isOf(version) || fileBytes != sizeBytes) {
      changed = true;
    }
    if (end < due) {
      changed = true;
      gap |= end < fileBytes;
    }
  }

  /** Whether it was read from the version of the entry. */
  boolean isOf(long version) {
    return version == FileVersion.plain(entry.version());
  }

  /** Some of it did not come. */
  void missed() {
    gap = true;
  }

  /** What it has led to, once it is over. */
  Step ending() {
    if (!changed) {
      return Step.STABLE;
    }
    if (number < ROUNDS_MAX) {
      return Step.CHANGED;
    }
    return gap ? Step.INCOMPLETE : Step.BUSY;
  }
}
