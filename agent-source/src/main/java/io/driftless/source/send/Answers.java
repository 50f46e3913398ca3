package io.driftless.source.send;

import com.google.common.collect.Lists;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.ContentMessage.WantUnlessSame;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.source.read.AbsenceCheck;
import io.driftless.source.read.DeltaReader;
import io.driftless.source.read.DeltaReading;
import io.driftless.source.read.SegmentReader;
import io.driftless.source.read.SmallFileReader;
import io.driftless.source.read.SmallFileReader.Outcome;
import io.driftless.source.read.SmallFileReader.Patience;
import io.driftless.source.read.SmallFileReader.Read;
import io.driftless.source.read.UncarriableException;
import io.driftless.source.report.Findings;
import io.driftless.source.report.Tally;
import io.driftless.source.send.DeltaAnswers.Key;
import io.driftless.source.send.SliceNames.Wanted;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Serves what the target asks for. Requests are checked when they arrive and served by threads that
 * wait for nothing but the lanes. Thread-safe.
 */
public final class Answers {
  /** More at a time no target needs: it counts what it asked for in its own window. */
  static final int REQUESTED_MAX = 256 * 1024;

  /** Files of one question that a thread examines before it tells. */
  private static final int FILES_AT_ONCE = 32;

  private final ConfinedRoot root;
  private final Conversation conversation;
  private final OpenSlices slices;
  private final SmallFileReader files;
  private final SegmentReader segments;
  private final AbsenceCheck absences;
  private final DeltaAnswers deltas;
  private final ExamineAnswers examinations;
  private final Findings findings;
  private final Tally tally;

  /** Bounded by {@link #REQUESTED_MAX}. */
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger questions = new AtomicInteger();

  /** What reads, and what hears of it. */
  public record Readers(
      SmallFileReader files,
      SegmentReader segments,
      AbsenceCheck absences,
      DeltaReader deltas,
      ExamineAnswers examinations,
      Findings findings,
      Tally tally) {}

  public Answers(ConfinedRoot root, Conversation conversation, OpenSlices slices, Readers readers) {
    this.root = root;
    this.conversation = conversation;
    this.slices = slices;
    this.files = readers.files();
    this.segments = readers.segments();
    this.absences = readers.absences();
    this.findings = readers.findings();
    this.tally = readers.tally();
    this.deltas = new DeltaAnswers(conversation, readers.deltas(), tally);
    this.examinations = readers.examinations();
  }

  private sealed interface Request {
    record Entries(OpenSlice slice, List<Integer> indices) implements Request {}

    record Held(OpenSlice slice, List<ContentMessage.Held> held) implements Request {}

    record Part(OpenSlice slice, Wanted wanted, WantSegment want) implements Request {}

    record Look(OpenSlice slice, int blockBytes, List<Integer> indices) implements Request {}

    record Presence(ConfirmAbsent question) implements Request {}

    record Compared(OpenSlice slice, Wanted wanted, CompareSegment compare) implements Request {}

    record Refined(OpenSlice slice, Wanted wanted, RefinedSegment refined, DeltaReading reading)
        implements Request {}
  }

  /**
   * Accepts a request. Never blocks.
   *
   * @throws ViolationException if it asks for what was not listed, or for too much
   */
  public void want(Want want) {
    OpenSlice slice = slices.require(want.slice());
    for (int index : want.indices()) {
      slice.names().require(want.slice(), index);
    }
    count(want.indices().size());
    requests.add(new Request.Entries(slice, want.indices()));
  }

  /** As {@link #want(Want)}. */
  public void want(WantUnlessSame want) {
    OpenSlice slice = slices.require(want.slice());
    for (ContentMessage.Held held : want.held()) {
      slice.names().require(want.slice(), held.index());
    }
    count(want.held().size());
    requests.add(new Request.Held(slice, want.held()));
  }

  /** As {@link #want(Want)}. */
  public void want(WantSegment want) {
    OpenSlice slice = slices.require(want.slice());
    Wanted wanted = slice.names().require(want.slice(), want.index());
    if (want.offset() < 0
        || want.offset() % ContentMessage.SEGMENT_BYTES_MAX != 0
        || want.length() < 1
        || want.length() > ContentMessage.SEGMENT_BYTES_MAX
        || want.basis().size() > WantSegment.BASIS_MAX) {
      throw new ViolationException(
          "the target asks for %d bytes at %d with %d hashes"
              .formatted(want.length(), want.offset(), want.basis().size()));
    }
    count(1);
    requests.add(new Request.Part(slice, wanted, want));
  }

  /** As {@link #want(Want)}. */
  public void want(Examine examine) {
    OpenSlice slice = slices.require(examine.slice());
    for (int index : examine.indices()) {
      slice.names().requireFile(examine.slice(), index);
    }
    count(examine.indices().size());
    for (List<Integer> some : Lists.partition(examine.indices(), FILES_AT_ONCE)) {
      requests.add(new Request.Look(slice, examine.blockBytes(), some));
    }
  }

  /** How much the target has gone through. */
  public void examinedByTarget(long bytes) {
    tally.examinedByTarget(bytes);
  }

  /** As {@link #want(Want)}. */
  public void confirm(ConfirmAbsent question) {
    if (questions.incrementAndGet() > ConfirmAbsent.QUESTIONS_MAX) {
      throw new ViolationException(
          "the target asks more than %d questions at a time"
              .formatted(ConfirmAbsent.QUESTIONS_MAX));
    }
    requests.add(new Request.Presence(question));
  }

  /** As {@link #want(Want)}. */
  public void want(CompareSegment compare) {
    OpenSlice slice = slices.require(compare.slice());
    Wanted wanted = slice.names().require(compare.slice(), compare.index());
    count(1);
    deltas.begin(compare);
    requests.add(new Request.Compared(slice, wanted, compare));
  }

  /** Accepts the answer to a question of a delta. Never blocks. */
  public void answered(RefinedSegment refined) {
    OpenSlice slice = slices.require(refined.slice());
    Wanted wanted = slice.names().require(refined.slice(), refined.index());
    count(1);
    requests.add(new Request.Refined(slice, wanted, refined, deltas.waiting(refined)));
  }

  private void count(int more) {
    if (requested.addAndGet(more) > REQUESTED_MAX) {
      throw new ViolationException(
          "the target asks for more than %d items at a time".formatted(REQUESTED_MAX));
    }
  }

  /**
   * Serves requests until it is interrupted; for as many threads as shall read.
   *
   * @throws IOException if the conversation has ended
   */
  public void serve() throws IOException, InterruptedException {
    try (var writer = new ContentsWriter(conversation);
        var examiner = examinations.examiner()) {
      while (true) {
        switch (requests.take()) {
          case Request.Entries entries -> answer(entries, writer);
          case Request.Held held -> answer(held, writer);
          case Request.Part part -> answer(part);
          case Request.Look look -> answer(look, examiner);
          case Request.Presence presence -> answer(presence.question());
          case Request.Compared compared -> answer(compared);
          case Request.Refined refined -> answer(refined);
        }
      }
    }
  }

  private void answer(Request.Look look, FileExaminer examiner)
      throws IOException, InterruptedException {
    OpenSlice slice = look.slice();
    var answers = new ArrayList<Examination>();
    try (Directory directory = root.openIfPresent(slice.directory())) {
      for (int index : look.indices()) {
        answers.add(answer(directory, slice, index, look.blockBytes(), examiner));
      }
    } catch (LinuxException e) { // the directory
      answers.clear();
      for (int index : look.indices()) {
        Wanted wanted = slice.names().requireFile(slice.number(), index);
        answers.add(ExamineAnswers.failed(index, told(slice, wanted, e)));
      }
    }
    requested.addAndGet(-look.indices().size());
    conversation.send(new Examined(slice.number(), answers));
  }

  private Examination answer(
      @Nullable Directory directory,
      OpenSlice slice,
      int index,
      int blockBytes,
      FileExaminer examiner)
      throws IOException, InterruptedException {
    Wanted wanted = slice.names().requireFile(slice.number(), index);
    var asked =
        new ExamineAnswers.Asked(slice.directory().resolve(wanted.name()), index, blockBytes);
    try {
      return examinations.answer(directory, asked, examiner);
    } catch (LinuxException e) {
      return ExamineAnswers.failed(index, told(slice, wanted, e));
    }
  }

  private void answer(ConfirmAbsent question) {
    List<Integer> absent = absences.absent(question.directory(), question.names());
    questions.decrementAndGet();
    conversation.send(new Absences(question.question(), absent));
  }

  private void answer(Request.Entries request, ContentsWriter writer)
      throws IOException, InterruptedException {
    OpenSlice slice = request.slice();
    writer.begin(slice.number());
    try (Directory directory = root.openIfPresent(slice.directory())) {
      for (int index : request.indices()) {
        answer(directory, slice, index, writer);
      }
    } catch (LinuxException e) {
      for (int index : request.indices()) {
        failed(slice, slice.names().require(slice.number(), index), index, e, writer);
      }
    }
    writer.finish();
    requested.addAndGet(-request.indices().size());
  }

  private void answer(Request.Held request, ContentsWriter writer)
      throws IOException, InterruptedException {
    OpenSlice slice = request.slice();
    writer.begin(slice.number());
    try (Directory directory = root.openIfPresent(slice.directory())) {
      for (ContentMessage.Held held : request.held()) {
        if (directory == null || !isSame(directory, slice, held, writer)) {
          answer(directory, slice, held.index(), writer);
        }
      }
    } catch (LinuxException e) {
      for (ContentMessage.Held held : request.held()) {
        Wanted wanted = slice.names().require(slice.number(), held.index());
        failed(slice, wanted, held.index(), e, writer);
      }
    }
    writer.finish();
    requested.addAndGet(-request.held().size());
  }

  /** Says that a file is the same; where that fails, whoever reads it next says why. */
  private boolean isSame(
      Directory directory, OpenSlice slice, ContentMessage.Held held, ContentsWriter writer)
      throws IOException, InterruptedException {
    Wanted wanted = slice.names().require(slice.number(), held.index());
    try {
      return files.readIfSame(directory, wanted.name(), held, _ -> wanted.role(), writer);
    } catch (LinuxException | UncarriableException e) {
      return false;
    }
  }

  private void answer(
      @Nullable Directory directory, OpenSlice slice, int index, ContentsWriter writer)
      throws IOException, InterruptedException {
    Wanted wanted = slice.names().require(slice.number(), index);
    if (directory == null) {
      writer.failed(index, Reading.VANISHED, "");
      return;
    }
    try {
      Read read =
          files.read(directory, wanted.name(), index, _ -> wanted.role(), Patience.WAIT, writer);
      if (read.outcome() == Outcome.VANISHED || read.outcome() == Outcome.OTHER_KIND) {
        writer.failed(index, Reading.VANISHED, "");
      }
      if (read.outcome() == Outcome.BUSY) {
        tally.busy();
      }
      tally.sent(read.contentBytes());
    } catch (LinuxException e) {
      failed(slice, wanted, index, e, writer);
    } catch (UncarriableException e) {
      TreePath path = slice.directory().resolve(wanted.name());
      findings.problem(path, e.reason(), String.valueOf(e.getMessage()));
      writer.failed(index, Reading.UNREADABLE, String.valueOf(e.getMessage()));
    }
  }

  private void failed(
      OpenSlice slice, Wanted wanted, int index, LinuxException e, ContentsWriter writer)
      throws IOException, InterruptedException {
    writer.failed(index, told(slice, wanted, e), String.valueOf(e.getMessage()));
  }

  /** What an attempt to read came to; tells of it where somebody should know. */
  private Reading told(OpenSlice slice, Wanted wanted, LinuxException e) {
    Reading reading = reading(e);
    if (reading == Reading.UNREADABLE) {
      findings.problem(
          slice.directory().resolve(wanted.name()), "unreadable", String.valueOf(e.getMessage()));
    }
    return reading;
  }

  /** A name that is now something else, or lies below something else, counts as gone. */
  private static Reading reading(LinuxException e) {
    Errno errno = e.errno();
    boolean gone =
        e.isAbsent() || errno == Errno.ELOOP || errno == Errno.ENOTDIR || errno == Errno.ENXIO;
    return gone ? Reading.VANISHED : Reading.UNREADABLE;
  }

  private void answer(Request.Part request) throws IOException, InterruptedException {
    Segment segment;
    try (Directory directory = root.openIfPresent(request.slice().directory());
        Fd fd =
            directory == null ? null : directory.openForReadingIfPresent(request.wanted().name())) {
      segment =
          fd == null || !fd.status().isRegular()
              ? failed(request.want(), Reading.VANISHED, "")
              : read(fd, request.want());
    } catch (LinuxException e) {
      segment = failed(request, e);
    }
    requested.decrementAndGet();
    conversation.sendContent(segment, 0);
  }

  private void answer(Request.Compared request) throws IOException, InterruptedException {
    answerDelta(
        request.slice(),
        request.wanted(),
        Key.of(request.compare()),
        fd -> deltas.answer(request.slice(), request.compare(), fd));
  }

  private void answer(Request.Refined request) throws IOException, InterruptedException {
    answerDelta(
        request.slice(),
        request.wanted(),
        Key.of(request.refined()),
        fd -> deltas.answer(request.refined(), request.reading(), fd));
  }

  /** What is done with an open file. */
  @FunctionalInterface
  private interface Reader {
    void read(Fd fd) throws IOException, InterruptedException;
  }

  private void answerDelta(OpenSlice slice, Wanted wanted, Key key, Reader reader)
      throws IOException, InterruptedException {
    requested.decrementAndGet();
    try (Directory directory = root.openIfPresent(slice.directory());
        Fd fd = directory == null ? null : directory.openForReadingIfPresent(wanted.name())) {
      if (fd == null || !fd.status().isRegular()) {
        deltas.failed(key, Reading.VANISHED, "");
      } else {
        reader.read(fd);
      }
    } catch (LinuxException e) {
      deltas.failed(key, told(slice, wanted, e), String.valueOf(e.getMessage()));
    }
  }

  private Segment read(Fd fd, WantSegment want) throws IOException, InterruptedException {
    ByteBuf literals = conversation.allocator().directBuffer(want.length());
    SegmentReader.Part part;
    try {
      part = segments.read(fd, want, literals);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      literals.release();
      throw e;
    }
    for (Run run : part.runs()) {
      if (run instanceof Run.Match match) {
        tally.matched(match.length());
      }
    }
    tally.sent(literals.readableBytes());
    return new Segment(
        want.slice(),
        want.index(),
        want.offset(),
        Reading.OK,
        "",
        part.version(),
        part.fileBytes(),
        part.runs(),
        conversation.pack(literals));
  }

  private Segment failed(Request.Part request, LinuxException e) {
    Reading reading = told(request.slice(), request.wanted(), e);
    return failed(request.want(), reading, String.valueOf(e.getMessage()));
  }

  private Segment failed(WantSegment want, Reading reading, String detail) {
    ByteBuf none = conversation.allocator().directBuffer(16);
    return new Segment(
        want.slice(),
        want.index(),
        want.offset(),
        reading,
        detail,
        0,
        0,
        List.of(),
        conversation.pack(none));
  }
}
