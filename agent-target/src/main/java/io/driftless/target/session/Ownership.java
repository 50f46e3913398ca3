package io.driftless.target.session;

import java.time.Instant;
import java.util.Optional;

/**
 * Who may write to a volume on the target, and how current its content is. Moments are by this
 * host's clock.
 *
 * @param agent name of the source that brings it
 * @param generation counts who may write
 * @param release where no source may write
 * @param unfinished what the agent still has to do in a released volume, and why it can't, one line
 * @param whole the last pass that brought over all that the source had
 * @param latest the last pass that wrote, or began to
 * @param durableAt when the last whole pass began, known of old passes as well
 * @param doubtful entries of which nobody knows whether they are durable
 */
public record Ownership(
    String volume,
    String root,
    Optional<String> agent,
    long generation,
    Optional<Release> release,
    Optional<String> unfinished,
    Optional<PassRecord> whole,
    Optional<PassRecord> latest,
    Optional<Instant> durableAt,
    long doubtful) {
  /** Whether somebody else has written to a released volume. */
  public enum Written {
    NOTHING,
    SOMETHING
  }

  public boolean isReleased() {
    return release.isPresent();
  }

  /** The last pass, where it did not bring everything over. */
  public Optional<PassRecord> cut() {
    return latest.filter(pass -> !pass.isComplete());
  }
}
