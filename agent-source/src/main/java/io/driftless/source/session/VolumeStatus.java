package io.driftless.source.session;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume as the source agent sees it.
 *
 * @param reason why it is in this state, one line, may be empty
 * @param since when the state began
 * @param next what happens next, one line, may be empty
 * @param replication empty where the target does not follow by itself
 */
public record VolumeStatus(
    String name,
    String root,
    String target,
    State state,
    String reason,
    Instant since,
    String next,
    Optional<PassProgress> running,
    Optional<PassReport> lastPass,
    Optional<PassReport> lastVerification,
    Optional<ReplicationStatus> replication) {

  /** The closed list of states. */
  public enum State {
    NEW,
    QUEUED,
    SEEDING,
    PASSING,
    REPLICATING,
    CATCHING_UP,
    PAUSED,
    HELD,
    BLOCKED,
    DISCONNECTED,
    RELEASED,
    ERROR
  }
}
