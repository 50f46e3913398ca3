package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.listing.FileExaminer.Depth;
import io.driftless.protocol.listing.FileExaminer.Held;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares what regular files hold: has the source examine its file, examines the one here at the
 * same time, and tells what differs once both are done. Thread-safe; what is kept of a slice
 * belongs to its mailbox.
 */
final class FileComparison implements AutoCloseable {
  private static final int FILES_AT_ONCE = 32;

  private final PassParts pass;
  private final Workers workers;
  private final Judge judge;
  private final Afterwards afterwards;
  private final Depth depth;
  private final int blockBytes;
  private final LocalExaminations local;

  FileComparison(
      PassParts pass, Workers workers, BeginPass begin, Judge judge, Afterwards afterwards)
      throws LinuxException {
    this.afterwards = afterwards;
    this.pass = pass;
    this.workers = workers;
    this.judge = judge;
    boolean isByMetadata = begin.compare() == Compare.METADATA;
    this.depth = isByMetadata && begin.effect() == Effect.VERIFY ? Depth.LAYOUT : Depth.CONTENT;
    long block = Long.highestOneBit(Math.max(1, pass.root().fd().fileSystem().blockBytes()));
    this.blockBytes = (int) Math.clamp(block, Examine.BLOCK_BYTES_MIN, Examine.BLOCK_BYTES_MAX);
    LongConsumer teller =
        isByMetadata ? _ -> {} : bytes -> pass.conversation().send(new GoneThrough(bytes));
    this.local = new LocalExaminations(pass, depth, blockBytes, teller);
  }

  /** Decides what follows from what both sides hold, in the mailbox of the slice. */
  @FunctionalInterface
  interface Judge {
    void judge(Slice slice, int index, Pair pair, Outcome outcome)
        throws IOException, InterruptedException;
  }

  /** What the comparison of one file came to. */
  enum Outcome {
    EQUAL,
    /** Another content, or none that could be read. */
    CONTENT,
    /** The content is the same, but the holes are elsewhere. */
    HOLES,
    /** It changed at the source, or went. */
    SOURCE_CHANGED,
    /** It changed here, or went. */
    TARGET_CHANGED,
    /** The source can't read it, and has said so; or there is nothing here to compare with. */
    NOTHING_TO_SAY
  }

  /** Hears that files of a slice have been judged, in its mailbox. */
  @FunctionalInterface
  interface Afterwards {
    void settled(Slice slice) throws IOException, InterruptedException;
  }

  /** One file of a slice. */
  static final class Pair {
    final TreePath path;
    final Entry entry;

    /** What is here, or null where only the source's content counts, for its manifest. */
    final @Nullable FileStatus seen;

    @Nullable Examination there;
    @Nullable Held here;

    /** How the file here must be summed up once more, to be comparable. */
    @Nullable Zeros again;

    /** Why the file here can't be examined. */
    @Nullable String failure;

    /** Whether the file that was here has gone. */
    boolean isGone;

    Pair(TreePath path, Entry entry, @Nullable FileStatus seen) {
      this.path = path;
      this.entry = entry;
      this.seen = seen;
    }

    boolean isReady() {
      return there != null && (seen == null || here != null || failure != null || isGone);
    }
  }

  /** Takes note of a file that was listed; {@link #ask} follows. */
  void add(Slice slice, int index, Pair pair) {
    if (pair.seen == null) {
      local.advance(pair.entry.metadata().sizeBytes());
    }
    if (pair.seen != null || depth == Depth.CONTENT) {
      slice.pairs.put(index, pair);
      slice.unexamined.add(index);
    }
  }

  /** Has the files that were added examined on both sides. */
  void ask(Slice slice) {
    List<Integer> due = List.copyOf(slice.unexamined);
    slice.unexamined.clear();
    for (int from = 0; from < due.size(); from += Examine.INDICES_MAX) {
      int to = Math.min(due.size(), from + Examine.INDICES_MAX);
      pass.conversation()
          .send(new Examine(slice.number, blockBytes, List.copyOf(due.subList(from, to))));
    }
    List<Integer> here = due.stream().filter(index -> pair(slice, index).seen != null).toList();
    for (int from = 0; from < here.size(); from += FILES_AT_ONCE) {
      examineHere(slice, here.subList(from, Math.min(here.size(), from + FILES_AT_ONCE)));
    }
  }

  private static Pair pair(Slice slice, int index) {
    return Objects.requireNonNull(slice.pairs.get(index), "a file that was added");
  }

  private void examineHere(Slice slice, List<Integer> indices) {
    List<Pair> pairs = new ArrayList<>();
    indices.forEach(index -> pairs.add(pair(slice, index)));
    workers.execute(() ->
        pass.guard(() -> {
          List<Runnable> outcomes = examine(slice, pairs);
          post(
              slice,
              () -> {
                outcomes.forEach(Runnable::run);
                judge(slice, indices);
              });
        }));
  }

  /** Examines files of one directory; what comes of it is for the mailbox. */
  private List<Runnable> examine(Slice slice, List<Pair> pairs)
      throws IOException, InterruptedException {
    try (Directory directory = pass.comparer().openIfDirectory(slice.directory)) {
      return local.lend(examiner -> {
        var outcomes = new ArrayList<Runnable>();
        for (Pair pair : pairs) {
          outcomes.add(examine(directory, pair, examiner));
        }
        return outcomes;
      });
    }
  }

  private Runnable examine(@Nullable Directory directory, Pair pair, FileExaminer examiner)
      throws InterruptedException {
    try {
      Held held = held(directory, pair, examiner);
      return () -> {
        if (held == null) {
          pair.isGone = true;
        } else {
          pair.here = held;
        }
      };
    } catch (LinuxException e) {
      String why = e.errno().text();
      return () -> pair.failure = why;
    }
  }

  private @Nullable Held held(@Nullable Directory directory, Pair pair, FileExaminer examiner)
      throws LinuxException, InterruptedException {
    FileStatus seen = Objects.requireNonNull(pair.seen, "a file that is here");
    Name name = pair.path.name();
    Zeros again = pair.again;
    return again == null
        ? local.examine(directory, name, seen, examiner)
        : local.examineAgain(directory, name, again, examiner);
  }

  /** The source has examined some of the files. */
  void examined(Slice slice, Examined message) {
    post(
        slice,
        () -> {
          var indices = new ArrayList<Integer>();
          for (Examination each : message.examinations()) {
            Pair pair = slice.pairs.get(each.index());
            if (pair == null || pair.there != null) {
              throw new ProtocolViolation(
                  "an examination of entry %d of slice %d, which nobody asked for"
                      .formatted(each.index(), slice.number));
            }
            pair.there = each;
            indices.add(each.index());
          }
          judge(slice, indices);
        });
  }

  private void post(Slice slice, PassParts.Work work) {
    slice.mailbox.post(() ->
        pass.guard(() -> {
          work.run();
          afterwards.settled(slice);
        }));
  }

  private void judge(Slice slice, List<Integer> indices) throws IOException, InterruptedException {
    for (int index : indices) {
      Pair pair = slice.pairs.get(index);
      if (pair == null || !pair.isReady()) {
        continue;
      }
      Zeros other = otherSum(pair);
      if (other != null) {
        pair.again = other;
        pair.here = null;
        examineHere(slice, List.of(index));
      } else {
        slice.pairs.remove(index);
        judge.judge(slice, index, pair, outcome(pair));
      }
    }
  }

  /**
   * How the source has summed up its file, if that can't be compared with the sum from here: one of
   * them consists of holes, the other doesn't.
   */
  private static @Nullable Zeros otherSum(Pair pair) {
    ContentSum there = pair.there == null ? null : pair.there.content().orElse(null);
    ContentSum here = pair.here == null ? null : pair.here.content();
    return there == null || here == null || there.zeros() == here.zeros() ? null : there.zeros();
  }

  private Outcome outcome(Pair pair) {
    Examination there = pair.there;
    FileStatus seen = pair.seen;
    if (there == null || there.reading() == Reading.UNREADABLE) {
      return Outcome.NOTHING_TO_SAY;
    }
    if (there.reading() == Reading.VANISHED
        || there.version() != FileVersion.plain(pair.entry.version())) {
      return Outcome.SOURCE_CHANGED;
    }
    if (seen == null) {
      return Outcome.NOTHING_TO_SAY;
    }
    Held here = pair.here;
    if (pair.isGone) {
      return Outcome.TARGET_CHANGED;
    }
    if (here == null) {
      return Outcome.CONTENT;
    }
    if (here.version() == 0 || here.version() != FileVersion.of(seen)) {
      return Outcome.TARGET_CHANGED;
    }
    return there.sizeBytes() == seen.size()
        ? outcome(pair, there, here)
        : Outcome.NOTHING_TO_SAY; // its size tells enough
  }

  private Outcome outcome(Pair pair, Examination there, Held here) {
    if (depth == Depth.CONTENT && there.content().isEmpty()) {
      throw new ProtocolViolation("no hash of %s, which held still".formatted(pair.path));
    }
    if (depth == Depth.CONTENT && !there.content().equals(Optional.ofNullable(here.content()))) {
      return Outcome.CONTENT;
    }
    return here.layout().equals(there.layout()) ? Outcome.EQUAL : Outcome.HOLES;
  }

  @Override
  public void close() {
    local.close();
  }
}
