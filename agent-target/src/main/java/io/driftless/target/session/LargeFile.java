package io.driftless.target.session;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.NoRoomException;
import io.driftless.target.stage.PartFile;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A large file on its way: asked for segment by segment, in rounds, until a whole round saw one
 * version of it. Belongs to the mailbox of its slice.
 */
final class LargeFile implements ContentRequests.Asker {
  static final int ROUNDS_MAX = 3;
  private static final int SEGMENT = ContentMessage.SEGMENT_BYTES_MAX;

  /** What a segment led to. */
  enum Step {
    GOING_ON,
    /** A round has ended in which the file held still. */
    STABLE,
    /** A round has ended, and the file changed in it. */
    CHANGED,
    /** The last round has ended, and the file never held still. */
    BUSY,
    /** The source could not read all of it. */
    INCOMPLETE,
    VANISHED,
    UNREADABLE,
    /** It was abandoned, and every question has been answered by now. */
    GIVEN_UP
  }

  final TreePath path;
  final int index;
  private final Slice slice;
  private final PassParts pass;
  private final Map<Long, Integer> asked = new HashMap<>();
  private Entry entry;
  private volatile long nextOffset;
  private volatile long sizeBytes;
  private long told; // guarded by the lock of the requests
  private int round = 1;
  private boolean abandoned;
  private boolean changed;
  private boolean gap;
  private long matchedBytes;
  private int failuresBefore;
  private @Nullable PartFile part;

  LargeFile(TreePath path, int index, Entry entry, Slice slice, PassParts pass) {
    this.path = path;
    this.index = index;
    this.entry = entry;
    this.sizeBytes = entry.metadata().sizeBytes();
    this.slice = slice;
    this.pass = pass;
  }

  Entry entry() {
    return entry;
  }

  int round() {
    return round;
  }

  /** Bytes of the first round that were there already. */
  long matchedBytes() {
    return matchedBytes;
  }

  /** Starts over with a later version of the entry. */
  void beginRound(Entry fresh) throws IOException {
    entry = fresh;
    sizeBytes = fresh.metadata().sizeBytes();
    round++;
    nextOffset = 0;
    changed = false;
    gap = false;
    part().beginRound();
    pass.requests().queue(this);
  }

  @Override
  public long cost() {
    told = Math.min(SEGMENT, Math.max(1, sizeBytes - nextOffset));
    return told;
  }

  @Override
  public void ask() {
    long cost = told;
    slice.mailbox.post(() -> pass.guard(() -> askNext(cost)));
  }

  private void askNext(long cost) throws IOException, InterruptedException {
    if (nextOffset >= sizeBytes) { // a hole has brought us to the end meanwhile
      pass.requests().answered(cost);
      return;
    }
    long offset = nextOffset;
    int length = (int) Math.min(SEGMENT, sizeBytes - offset);
    withRoom(this::part);
    List<Long> basis = part().blockHashes(offset, length, pass.hash(), pass.memory());
    asked.put(offset, (int) cost);
    nextOffset = offset + length;
    pass.conversation().send(new WantSegment(slice.number, index, offset, length, basis));
    if (nextOffset < sizeBytes) {
      pass.requests().queue(this);
    }
  }

  private PartFile part() throws IOException {
    if (part == null) {
      failuresBefore = pass.epochs().failures();
      part = PartFile.open(pass.area(), PartFile.nameOf(path, pass.hash()), pass.room());
      pass.parts().add(part.name());
    }
    return part;
  }

  /** Tells whether the disk failed since the part was opened: some of it may be lost. */
  boolean isDoubtful() {
    return pass.epochs().failures() != failuresBefore;
  }

  PartFile requirePart() {
    if (part == null) {
      throw new IllegalStateException("nothing has been staged of " + path);
    }
    return part;
  }

  /** Takes in a segment; {@code literals} stays the caller's. */
  Step received(Segment segment, ByteBuf literals) throws IOException, InterruptedException {
    Integer cost = asked.remove(segment.offset());
    if (cost == null) {
      throw new ProtocolViolation("a segment of %s that nobody asked for".formatted(path));
    }
    try {
      if (abandoned) {
        return asked.isEmpty() ? Step.GIVEN_UP : Step.GOING_ON;
      }
      if (segment.reading() != Reading.OK) {
        return segment.reading() == Reading.VANISHED ? Step.VANISHED : Step.UNREADABLE;
      }
      long end = apply(segment, (int) Math.min(SEGMENT, sizeBytes - segment.offset()), literals);
      judge(segment, end);
    } finally {
      pass.requests().answered(cost);
    }
    return asked.isEmpty() && nextOffset >= sizeBytes ? endOfRound() : Step.GOING_ON;
  }

  /** Writes what the runs say; returns the offset up to which they tell. */
  private long apply(Segment segment, int length, ByteBuf literals)
      throws IOException, InterruptedException {
    long at = segment.offset();
    long limit = at + length;
    int position = literals.readerIndex();
    for (Run run : segment.runs()) {
      boolean reaches = run instanceof Run.Hole ? at <= limit : at + run.length() <= limit;
      if (run.length() <= 0 || run.length() > Long.MAX_VALUE - at || !reaches) {
        throw new ProtocolViolation(
            "a run of %d bytes at %d in %s".formatted(run.length(), at, path));
      }
      switch (run) {
        case Run.Data(long bytes) -> {
          requireLiterals(literals, position, bytes);
          long offset = at;
          int from = position;
          withRoom(() -> part().write(offset, literals, from, (int) bytes));
          position += (int) bytes;
        }
        case Run.Hole(long bytes) -> {
          long offset = at;
          withRoom(() -> part().hole(offset, Math.min(bytes, sizeBytes - offset)));
        }
        case Run.Match(long bytes) -> {
          if (round == 1) {
            matchedBytes += bytes;
          }
        }
      }
      at += run.length();
    }
    if (position != literals.writerIndex()) {
      throw new ProtocolViolation("literals of %s that no run speaks of".formatted(path));
    }
    return at;
  }

  private void requireLiterals(ByteBuf literals, int position, long bytes) {
    if (bytes > literals.writerIndex() - position) {
      throw new ProtocolViolation("too few literals in a segment of " + path);
    }
  }

  private void withRoom(PassParts.Work work) throws IOException, InterruptedException {
    while (true) {
      try {
        work.run();
        pass.gate().passed();
        return;
      } catch (NoRoomException e) {
        pass.gate().await(e);
      }
    }
  }

  private void judge(Segment segment, long end) {
    Entry known = entry;
    if (segment.version() != known.version() || segment.fileBytes() != sizeBytes) {
      changed = true;
    }
    long due = Math.min(sizeBytes, segment.offset() + SEGMENT);
    if (end < due) {
      changed = true;
      gap |= end < segment.fileBytes();
    }
    // A hole may lead far beyond what was asked for.
    long skipped = Math.min(end, sizeBytes);
    long resume = skipped == sizeBytes ? skipped : skipped - skipped % SEGMENT;
    nextOffset = Math.max(nextOffset, resume);
  }

  private Step endOfRound() {
    if (!changed) {
      return Step.STABLE;
    }
    if (round < ROUNDS_MAX) {
      return Step.CHANGED;
    }
    return gap ? Step.INCOMPLETE : Step.BUSY;
  }

  /**
   * Asks no more.
   *
   * @return whether nothing that was asked is still to be answered
   */
  boolean abandon() {
    abandoned = true;
    nextOffset = sizeBytes;
    return asked.isEmpty();
  }

  void close() {
    if (part != null) {
      part.close();
      part = null;
    }
  }
}
