package io.driftless.source.send;

import static io.driftless.protocol.message.ContentMessage.RECORDS_BYTES_MAX;

import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.DeltaException;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.Run;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.source.read.DeltaReader;
import io.driftless.source.read.DeltaReading;
import io.driftless.source.report.Tally;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The exchanges about segments that come as deltas. Thread-safe. */
final class DeltaAnswers {
  private static final int LITERALS_USUAL = 64 * 1024;
  private static final int LITERALS_ENOUGH = RECORDS_BYTES_MAX - DeltaReading.SCRATCH_BYTES;
  private static final int RUNS_ENOUGH = SegmentDelta.RUNS_MAX / 2;
  private static final Refined NO_ANSWER = new Refined(List.of(), Optional.empty());

  private final Conversation conversation;
  private final DeltaReader reader;
  private final Tally tally;

  /** What has begun, with what waits for an answer of the target. */
  private final Map<Key, Optional<DeltaReading>> open = new HashMap<>();

  DeltaAnswers(Conversation conversation, DeltaReader reader, Tally tally) {
    this.conversation = conversation;
    this.reader = reader;
    this.tally = tally;
  }

  /** Names an exchange. */
  record Key(long slice, int index, long offset) {
    static Key of(CompareSegment compare) {
      return new Key(compare.slice(), compare.index(), compare.question().segment().from());
    }

    static Key of(RefinedSegment refined) {
      return new Key(refined.slice(), refined.index(), refined.offset());
    }

    /** Keeps the parts of one delta in order. */
    long affinity() {
      return Math.max(1, hashCode() & Integer.MAX_VALUE);
    }
  }

  /**
   * Takes note of an exchange.
   *
   * @throws ViolationException if it has begun already, or too many have
   */
  synchronized void begin(CompareSegment compare) {
    Key key = Key.of(compare);
    if (open.size() >= DeltaMessage.OPEN_MAX || open.containsKey(key)) {
      throw new ViolationException(
          "the target compares %s, as one of %d".formatted(key, open.size() + 1));
    }
    open.put(key, Optional.empty());
  }

  /**
   * The reading that goes on with this answer.
   *
   * @throws ViolationException if nothing was asked
   */
  synchronized DeltaReading waiting(RefinedSegment refined) {
    Key key = Key.of(refined);
    Optional<DeltaReading> waiting = open.getOrDefault(key, Optional.empty());
    if (waiting.isEmpty()) {
      throw new ViolationException("the target answers what was not asked, about " + key);
    }
    open.put(key, Optional.empty());
    return waiting.get();
  }

  private synchronized void await(Key key, DeltaReading reading) {
    open.put(key, Optional.of(reading));
  }

  private synchronized void end(Key key) {
    open.remove(key);
  }

  /** Compares, and asks further or answers. */
  void answer(OpenSlice slice, CompareSegment compare, Fd fd)
      throws IOException, InterruptedException {
    Key key = Key.of(compare);
    ByteBuf scratch = conversation.allocator().directBuffer(DeltaReading.SCRATCH_BYTES);
    try {
      DeltaReading reading =
          reader.compare(fd, compare.question(), slice.pursuit(compare.index()), scratch);
      if (reading.refine().isEmpty()) {
        encode(key, reading, NO_ANSWER, fd, scratch);
      } else {
        await(key, reading);
        conversation.send(new RefineSegment(key.slice, key.index, key.offset, reading.refine()));
      }
    } finally {
      scratch.release();
    }
  }

  /** Goes on once the target has said more. */
  void answer(RefinedSegment refined, DeltaReading reading, Fd fd)
      throws IOException, InterruptedException {
    ByteBuf scratch = conversation.allocator().directBuffer(DeltaReading.SCRATCH_BYTES);
    try {
      encode(Key.of(refined), reading, refined.answer(), fd, scratch);
    } finally {
      scratch.release();
    }
  }

  private void encode(Key key, DeltaReading reading, Refined answer, Fd fd, ByteBuf scratch)
      throws IOException, InterruptedException {
    try (var literals = new LiteralBuffer()) {
      try {
        reading.begin(answer, bytes -> literals.buffer().writeBytes(bytes.asByteBuffer()));
      } catch (DeltaException e) {
        throw violated(e);
      }
      while (reading.read(fd, scratch)) {
        if (literals.buffer().readableBytes() >= LITERALS_ENOUGH || reading.runs() >= RUNS_ENOUGH) {
          send(key, Part.MORE_FOLLOW, reading, 0, reading.take(), literals);
        }
      }
      Delta last = reading.finish();
      long version = reading.version(fd);
      end(key);
      send(key, Part.LAST, reading, version, last, literals);
    } finally {
      reading.leave(fd);
    }
  }

  private ViolationException violated(DeltaException e) {
    String message = "the target " + e.getMessage();
    conversation.end(
        new SessionEnd(
            SessionEnd.Cause.VIOLATION, "protocol-violation", message, "both agents must match"));
    return new ViolationException(message);
  }

  /** Literals that have not been sent. */
  private final class LiteralBuffer implements AutoCloseable {
    private @Nullable ByteBuf bytes;

    ByteBuf buffer() {
      if (bytes == null) {
        bytes = conversation.allocator().directBuffer(LITERALS_USUAL, RECORDS_BYTES_MAX);
      }
      return bytes;
    }

    ByteBuf take() {
      ByteBuf taken = buffer();
      bytes = null;
      return taken;
    }

    @Override
    public void close() {
      if (bytes != null) {
        bytes.release();
      }
    }
  }

  private void send(
      Key key, Part part, DeltaReading reading, long version, Delta delta, LiteralBuffer literals)
      throws IOException, InterruptedException {
    for (Run run : delta.runs()) {
      switch (run) {
        case Run.Literal literal -> tally.sent(literal.length());
        case Run.Match match -> tally.matched(match.length());
        case Run.Hole _ -> {}
      }
    }
    conversation.sendContent(
        new SegmentDelta(
            key.slice,
            key.index,
            key.offset,
            Reading.OK,
            "",
            part,
            version,
            reading.fileBytes(),
            part == Part.LAST ? reading.dataOffset() : 0,
            delta,
            conversation.pack(literals.take())),
        key.affinity());
  }

  /** Says that a segment can't be read, or any more. */
  void failed(Key key, Reading reading, String detail) throws IOException, InterruptedException {
    end(key);
    var nothing = new Delta(new Range(key.offset, 0), List.of(), Digest.EMPTY);
    ByteBuf none = conversation.allocator().directBuffer(16);
    conversation.sendContent(
        new SegmentDelta(
            key.slice,
            key.index,
            key.offset,
            reading,
            detail,
            Part.LAST,
            0,
            0,
            0,
            nothing,
            conversation.pack(none)),
        key.affinity());
  }
}
