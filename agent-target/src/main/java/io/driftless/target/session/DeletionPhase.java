package io.driftless.target.session;

import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Removal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Deletes what the source has no longer, after it has looked once more. Run by the thread of the
 * pass; answers come on event loops.
 */
final class DeletionPhase {
  private final PassParts pass;
  private final Removal removal;
  private final Map<Long, ConfirmAbsent> open = new HashMap<>();
  private final Queue<Answered> answers = new ArrayDeque<>();
  private long asked;

  DeletionPhase(PassParts pass) {
    this.pass = pass;
    this.removal =
        new Removal(pass.root(), pass.area(), pass.comparer(), pass.exclusions(), pass.replies());
  }

  private record Answered(ConfirmAbsent question, List<Integer> absent) {}

  /** Waits until {@link #hasAnswer}, or throws because the pass is over. */
  @FunctionalInterface
  interface Patience {
    void awaitAnswer() throws InterruptedException;
  }

  /** Never blocks. */
  synchronized void answered(Absences answer) {
    ConfirmAbsent question = open.remove(answer.question());
    if (question == null
        || answer.absent().stream().anyMatch(position -> position >= question.names().size())) {
      throw new ProtocolViolation(
          "an answer to question %d, which was not asked so".formatted(answer.question()));
    }
    answers.add(new Answered(question, answer.absent()));
  }

  synchronized boolean hasAnswer() {
    return !answers.isEmpty();
  }

  /**
   * Asks about all candidates and deletes what is confirmed.
   *
   * @return how many entries are gone
   */
  long run(Extras extras, Patience patience) throws IOException, InterruptedException {
    long removed = 0;
    for (Map.Entry<TreePath, List<Name>> at : extras.byDirectory().entrySet()) {
      List<Name> names = at.getValue();
      for (int from = 0; from < names.size(); from += ConfirmAbsent.NAMES_MAX) {
        int to = Math.min(names.size(), from + ConfirmAbsent.NAMES_MAX);
        while (outstanding() == ConfirmAbsent.QUESTIONS_MAX) {
          removed += serve(patience);
        }
        ask(at.getKey(), List.copyOf(names.subList(from, to)));
      }
    }
    while (outstanding() > 0) {
      removed += serve(patience);
    }
    return removed;
  }

  private synchronized int outstanding() {
    return open.size() + answers.size();
  }

  private void ask(TreePath directory, List<Name> names) {
    ConfirmAbsent question;
    synchronized (this) {
      question = new ConfirmAbsent(++asked, directory, names);
      open.put(question.question(), question);
    }
    pass.conversation().send(question);
  }

  private long serve(Patience patience) throws IOException, InterruptedException {
    patience.awaitAnswer();
    Answered answer;
    synchronized (this) {
      answer = answers.remove();
    }
    List<Name> absent =
        answer.absent().stream().distinct().map(answer.question().names()::get).toList();
    long removed = absent.isEmpty() ? 0 : removal.remove(answer.question().directory(), absent);
    pass.tally().deleted.add(removed);
    return removed;
  }
}
