package io.driftless.target.session;

import io.driftless.protocol.message.LinkMessage.LinkGroupsDone;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Notices;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.target.stage.ProblemSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Small answers on their way to the source, gathered into few messages. Whoever adds one flushes
 * sooner or later; a full batch goes at once. Thread-safe.
 */
final class Replies implements ProblemSink {
  static final String STORAGE_ERROR =
      "the disk failed while it was made durable; it is transferred again in the next pass";

  private static final int BATCH = 512;
  private static final long STAGED_BYTES = 4L << 20;

  private final Conversation conversation;
  private final LongConsumer problemsObserved;
  private final ProblemSink book;
  private List<Verdict> verdicts = new ArrayList<>();
  private List<Long> slicesDone = new ArrayList<>();
  private List<Long> groupsDone = new ArrayList<>();
  private List<Problem> problems = new ArrayList<>();
  private long stagedBytes;

  /**
   * Replies.
   *
   * @param problemsObserved told how many problems there are more
   * @param book takes note of problems for the next pass
   */
  Replies(Conversation conversation, LongConsumer problemsObserved, ProblemSink book) {
    this.conversation = conversation;
    this.problemsObserved = problemsObserved;
    this.book = book;
  }

  synchronized void verdict(Verdict verdict) {
    verdicts.add(verdict);
    if (verdicts.size() >= BATCH) {
      flush();
    }
  }

  synchronized void sliceDone(long slice) {
    slicesDone.add(slice);
    if (slicesDone.size() >= BATCH) {
      flush();
    }
  }

  synchronized void groupDone(long group) {
    groupsDone.add(group);
    if (groupsDone.size() >= BATCH) {
      flush();
    }
  }

  synchronized void staged(long bytes) {
    stagedBytes += bytes;
    if (stagedBytes >= STAGED_BYTES) {
      flush();
    }
  }

  @Override
  public void add(TreePath path, String reason, String detail) {
    problemsObserved.accept(1);
    book.add(path, reason, detail);
    synchronized (this) {
      problems.add(new Problem(path, reason, detail));
      if (problems.size() >= BATCH) {
        flush();
      }
    }
  }

  /** Something the administrator should know; goes at once. */
  void notice(String slug, String message) {
    conversation.send(new Notices(List.of(new Notice(slug, message))));
  }

  synchronized void flush() {
    problems = sent(problems, Problems::new);
    verdicts = sent(verdicts, Verdicts::new);
    if (stagedBytes > 0) {
      conversation.send(new Staged(stagedBytes));
      stagedBytes = 0;
    }
    slicesDone = sent(slicesDone, SlicesDone::new);
    groupsDone = sent(groupsDone, LinkGroupsDone::new);
  }

  private <T> List<T> sent(List<T> batch, Function<List<T>, Message> message) {
    if (batch.isEmpty()) {
      return batch;
    }
    conversation.send(message.apply(List.copyOf(batch)));
    return new ArrayList<>();
  }
}
