package io.driftless.target.agent;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.target.session.Population;
import io.driftless.target.session.RecentLosses;
import io.driftless.target.session.ReplicaObserver;
import java.time.Instant;
import java.util.Optional;

/** Shows and writes down what the conversation does that may write to a volume. Thread-safe. */
final class WritingObserver implements ReplicaObserver {
  private final String agentName;
  private final String sourceRoot;
  private final PassNotes notes;
  private final Activity activity;
  private final RecentLosses recentLosses;
  private volatile boolean owesAResult;

  /**
   * Nothing has been done yet.
   *
   * @param sourceRoot what the source's root is
   * @param recentLosses the volume's
   */
  WritingObserver(
      String agentName,
      String sourceRoot,
      PassNotes notes,
      Activity activity,
      RecentLosses recentLosses) {
    this.agentName = agentName;
    this.sourceRoot = sourceRoot;
    this.notes = notes;
    this.activity = activity;
    this.recentLosses = recentLosses;
  }

  @Override
  public void passBegan(BeginPass pass) {
    owesAResult = true;
    notes.began(pass);
    if (pass.course() == Course.CHANGES) {
      activity.follow(agentName);
    } else {
      activity.become("passing", "pass %d of %s".formatted(pass.number(), agentName), 0);
    }
  }

  @Override
  public void rested() {
    notes.rest();
  }

  @Override
  public void problems(long more) {
    notes.problems(more);
  }

  @Override
  public void sawAll(Population population) {
    notes.sawAll(sourceRoot, population);
  }

  @Override
  public void passEnded(BeginPass pass, PassResult result) {
    long problems = notes.ended(result);
    owesAResult = false;
    if (pass.course() == Course.CHANGES && result.outcome() == Outcome.COMPLETE) {
      activity.follow(agentName, problems);
    } else {
      activity.become(
          "paused", "pass %d ended: %s".formatted(pass.number(), describe(result)), problems);
    }
  }

  private static String describe(PassResult result) {
    return result.outcome() == Outcome.COMPLETE ? "complete" : result.message();
  }

  /** The conversation has ended, and no other took its place. */
  void ended(SessionEnd reason) {
    boolean inOrder = reason.slug().equals(SessionEnd.PASS_ENDED) && !owesAResult;
    if (!inOrder) {
      activity.become("disconnected", reason.message());
    }
  }

  @Override
  public Optional<Population> population() {
    return notes.population();
  }

  @Override
  public RecentLosses recentLosses() {
    return recentLosses;
  }

  @Override
  public Optional<Instant> lastWrote() {
    return notes.lastWrote();
  }

  /** See {@link PassNotes#wroteBefore}. */
  Optional<Instant> wroteBefore() {
    return notes.wroteBefore();
  }
}
