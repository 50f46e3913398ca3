package io.driftless.target.session;

import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Has the source look once more for names that it seems to have no longer. Asked by the thread of
 * the pass; answers come on event loops.
 */
final class AbsenceQuestions {
  private final Conversation conversation;
  private final Map<Long, ConfirmAbsent> open = new HashMap<>();
  private final Queue<Answered> answers = new ArrayDeque<>();
  private long asked;

  AbsenceQuestions(Conversation conversation) {
    this.conversation = conversation;
  }

  private record Answered(ConfirmAbsent question, List<Integer> absent) {
    List<Name> names() {
      return absent.stream().distinct().map(question.names()::get).toList();
    }
  }

  /** Waits until {@link #hasAnswer}, or throws because the pass is over. */
  @FunctionalInterface
  interface Patience {
    void awaitAnswer() throws InterruptedException;
  }

  /** Hears which names are gone. */
  @FunctionalInterface
  interface Hearer {
    void absent(TreePath directory, List<Name> names) throws IOException, InterruptedException;
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

  /** Asks about all names; returns when all answers have been heard. */
  void ask(Map<TreePath, List<Name>> byDirectory, Patience patience, Hearer hearer)
      throws IOException, InterruptedException {
    for (Map.Entry<TreePath, List<Name>> at : byDirectory.entrySet()) {
      List<Name> names = at.getValue();
      for (int from = 0; from < names.size(); from += ConfirmAbsent.NAMES_MAX) {
        int to = Math.min(names.size(), from + ConfirmAbsent.NAMES_MAX);
        while (outstanding() == ConfirmAbsent.QUESTIONS_MAX) {
          hear(patience, hearer);
        }
        ask(at.getKey(), List.copyOf(names.subList(from, to)));
      }
    }
    while (outstanding() > 0) {
      hear(patience, hearer);
    }
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
    conversation.send(question);
  }

  private void hear(Patience patience, Hearer hearer) throws IOException, InterruptedException {
    patience.awaitAnswer();
    Answered answer;
    synchronized (this) {
      answer = answers.remove();
    }
    hearer.absent(answer.question().directory(), answer.names());
  }
}
