package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Removal;
import io.driftless.target.session.AbsenceQuestions.Patience;
import io.driftless.target.session.DeletionGuard.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Deletes what the source has no longer, after it has looked once more, unless a guard speaks
 * against it. Run by the thread of the pass.
 */
final class DeletionPhase {
  private final PassParts pass;
  private final ReplicaOptions options;
  private final BeginPass begin;
  private final Chronicle chronicle;
  private final ReplicaObserver observer;
  private final Removal removal;
  private final AbsenceQuestions questions;

  /**
   * The deletions of one pass.
   *
   * @param chronicle told of what goes, or would go
   * @param observer knows how much there was, and what went lately
   */
  DeletionPhase(
      PassParts pass,
      ReplicaOptions options,
      BeginPass begin,
      AbsenceQuestions questions,
      Chronicle chronicle,
      ReplicaObserver observer) {
    this.observer = observer;
    this.questions = questions;
    this.chronicle = chronicle;
    this.pass = pass;
    this.options = options;
    this.begin = begin;
    this.removal =
        new Removal(pass.root(), pass.area(), pass.comparer(), pass.exclusions(), pass.replies());
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
    if (begin.course() == Course.CHANGES) {
      observer.recentLosses().add(removed, pass.tally().newEntries.sum(), System.nanoTime());
    }
    pass.tally().extraEntries.add(Math.max(0, extras.entries() - removed));
    if (refusal.isEmpty()) {
      tellWhatStayed(extras, removed);
    } else {
      chronicle.held(extras.byDirectory());
    }
    return refusal;
  }

  private DeletionGuard.Plan plan(Extras extras) {
    if (begin.course() == Course.CHANGES) {
      return planOfChanges(extras);
    }
    return new DeletionGuard.Plan(
        extras.entries(),
        observer.recentLosses().sum(System.nanoTime()).made(),
        extras.files(),
        pass.tally().entriesBefore.sum(),
        pass.tally().filesBefore.sum(),
        extras.isSourceEmpty(),
        extras.isSourceIncomplete());
  }

  /** The pass has seen little of the volume: what it deletes is held against all that there was. */
  private DeletionGuard.Plan planOfChanges(Extras extras) {
    Population all = observer.population().orElse(new Population(0, 0));
    RecentLosses.Sum recent = observer.recentLosses().sum(System.nanoTime());
    return new DeletionGuard.Plan(
        extras.entries() == 0 ? 0 : extras.entries() + recent.lost(),
        pass.tally().newEntries.sum() + recent.made(),
        extras.files(),
        all.entries() + recent.grown(),
        all.files() + recent.grown(),
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
    long before = pass.tally().deleted.sum();
    questions.ask(extras.byDirectory(), patience, this::remove);
    return pass.tally().deleted.sum() - before;
  }

  private void remove(TreePath directory, List<Name> absent)
      throws IOException, InterruptedException {
    if (absent.isEmpty()) {
      return;
    }
    Chronicle.Doomed doomed = chronicle.look(directory, absent);
    long removed = removal.remove(directory, absent);
    chronicle.deleted(doomed);
    pass.tally().deleted.add(removed);
  }
}
