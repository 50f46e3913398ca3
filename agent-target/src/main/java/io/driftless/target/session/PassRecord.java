package io.driftless.target.session;

import java.time.Instant;
import java.util.Optional;

/**
 * A pass that wrote, by this host's clock.
 *
 * @param source name of the agent that made it
 * @param below the directory that it was about, escaped; {@code .} for the volume; empty if it was
 *     about what the source knew to have changed
 * @param began when the target heard of it: what the source had then came over
 * @param ended empty while it runs, and where it was cut with the agent
 * @param outcome {@link #COMPLETE}, the slug of what refused or ended it, or empty while it runs
 * @param detail of the outcome, one line
 */
public record PassRecord(
    long number,
    String source,
    String below,
    Instant began,
    Optional<Instant> ended,
    String outcome,
    String detail,
    long problems) {
  public static final String COMPLETE = "complete";

  public static final String ALL = ".";

  public boolean isComplete() {
    return outcome.equals(COMPLETE);
  }

  /** It was about the whole volume, not a part. */
  public boolean isOfAll() {
    return below.equals(ALL);
  }

  /** It brought changes that the source had noticed, and nothing else. */
  public boolean isOfChanges() {
    return below.isEmpty();
  }

  public boolean isWhole() {
    return isComplete() && isOfAll();
  }

  /** The same pass, over. */
  public PassRecord ended(Instant at, String how, String why, long problemsFound) {
    return new PassRecord(number, source, below, began, Optional.of(at), how, why, problemsFound);
  }
}
