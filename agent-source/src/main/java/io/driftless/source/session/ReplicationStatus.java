package io.driftless.source.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a target that follows its source is behind.
 *
 * @param lag age of the oldest change that isn't durable on the target, or since when that is not
 *     known; empty where nothing has ever been brought over
 * @param dirtyEntries known to have changed and not durable on the target
 * @param busyFiles among them that did not hold still
 * @param problems entries that could not be carried since the last pass
 * @param watcher how changes are noticed: {@code fanotify}, {@code inotify} or {@code passes}
 * @param watcherReason why not by a better way; may be empty
 * @param overflows how often changes came faster than they could be taken note of
 * @param doubt why a pass is due or runs, if one is
 * @param pausedUntil present while it is paused; {@link Instant#MAX} for until it is resumed
 */
public record ReplicationStatus(
    Optional<Duration> lag,
    long dirtyEntries,
    long busyFiles,
    long problems,
    String watcher,
    String watcherReason,
    long overflows,
    Optional<String> doubt,
    Optional<Instant> pausedUntil) {}
