package io.driftless.target.session;

import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Removal;
import io.driftless.target.session.DeletionGuard.Refusal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what the source has no longer, after it has looked once more, unless a guard speaks
 * against it. Run by the thread of the pass; answers come on event loops.
 */
final class DeletionPhase {
  private final PassParts pass;
  private final ReplicaOptions options;
  private final BeginPass begin;
  private final @Nullable Comparison comparison;
  private final Removal removal;
  private final Map<Long, ConfirmAbsent> open = new HashMap<>();
  private final Queue<Answered> answers = new ArrayDeque<>();
  private long asked;

  /**
   * The deletions of one pass.
   *
   * @param comparison tells of what is about to go, if that is wanted
   */
  DeletionPhase(
      PassParts pass, ReplicaOptions options, BeginPass begin, @Nullable Comparison comparison) {
    this.comparison = comparison;
    this.pass = pass;
    this.options = options;
    this.begin = begin;
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
   * Deletes all candidates that are confirmed.
   *
   * @param poisoned some of this pass may have been lost
   * @return who speaks against it, if somebody does
   */
  Optional<Refusal> run(boolean poisoned, Patience patience)
      throws IOException, InterruptedException {
    Extras extras = pass.extras();
    if (begin.effect() == Effect.VERIFY) {
      return Optional.empty();
    }
    if (poisoned && extras.entries() > 0) {
      leave(extras.entries()); // what took the place of the old may not have arrived
      return Optional.empty();
    }
    Optional<Refusal> refusal =
        DeletionGuard.check(
            plan(extras),
            options.standing(),
            options.sourceRoot(),
            begin.deletes(),
            begin.deletesMax());
    if (begin.effect().isNone()) {
      return refusal;
    }
    long removed = refusal.isPresent() ? 0 : delete(extras, patience);
    pass.tally().extraEntries.add(Math.max(0, extras.entries() - removed));
    if (refusal.isEmpty()) {
      tellWhatStayed(extras, removed);
    }
    return refusal;
  }

  private DeletionGuard.Plan plan(Extras extras) {
    return new DeletionGuard.Plan(
        extras.entries(),
        extras.files(),
        pass.tally().entriesBefore.sum(),
        pass.tally().filesBefore.sum(),
        extras.isSourceEmpty(),
        extras.isSourceIncomplete());
  }

  private void tellWhatStayed(Extras extras, long removed) {
    if (extras.left() > 0) {
      leave(extras.left());
    }
    long stayed = extras.entries() - extras.left() - removed;
    if (stayed > 0) {
      pass.replies()
          .notice(
              "extra-entries",
              "%,d entries are only on the target and stayed: they are excluded, came back at the source, or could not be removed"
                  .formatted(stayed));
    }
  }

  private void leave(long entries) {
    pass.replies()
        .add(
            TreePath.ROOT,
            "deletes-left",
            "%,d more entries are to be deleted; run the pass again".formatted(entries));
  }

  /**
   * Asks about all candidates and deletes what is confirmed.
   *
   * @return how many entries are gone
   */
  private long delete(Extras extras, Patience patience) throws IOException, InterruptedException {
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
    if (comparison != null && !absent.isEmpty()) {
      comparison.extras().tell(answer.question().directory(), absent);
    }
    long removed = absent.isEmpty() ? 0 : removal.remove(answer.question().directory(), absent);
    pass.tally().deleted.add(removed);
    return removed;
  }
}
