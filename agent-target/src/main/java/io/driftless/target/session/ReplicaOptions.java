package io.driftless.target.session;

import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.target.commit.EpochLimits;
import io.driftless.target.compare.Exclusions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a volume is replicated.
 *
 * @param name of the volume, for threads and messages
 * @param root absolute
 * @param seed of all hashes about the volume
 * @param standing whether everything in the root came from this source, so that what it lacks may
 *     go
 * @param exclusions what doesn't belong to it, besides the agent's own directory
 * @param windows that the source was told
 * @param askedBytesMax content that was asked for and is not staged
 * @param workers threads that compare and stage
 * @param roomInterval how often to look again when there is no room, later on
 * @param clock tells the age of what earlier passes left
 * @param witnesses absent where nothing is remembered of slices
 * @param shared with all volumes of the agent
 */
public record ReplicaOptions(
    String name,
    Path root,
    long seed,
    Standing standing,
    SourceRoot sourceRoot,
    Owners owners,
    Exclusions exclusions,
    Windows windows,
    long askedBytesMax,
    int workers,
    EpochLimits epochs,
    Duration roomInterval,
    InstantSource clock,
    Optional<Witnesses> witnesses,
    Shared shared) {
  public static final Windows USUAL_WINDOWS = new Windows(4096, 128 * 1024, 32L << 20, 1024);
  public static final long USUAL_ASKED_BYTES_MAX = 32L << 20;

  public ReplicaOptions {
    if (workers < 1 || workers > 64 || askedBytesMax < 2L << 20 || !roomInterval.isPositive()) {
      throw new IllegalArgumentException(
          "%d workers, %d bytes asked for, looking for room every %s"
              .formatted(workers, askedBytesMax, roomInterval));
    }
  }

  public TokenBucket disk() {
    return shared.disk();
  }

  public PassTurns turns() {
    return shared.turns();
  }

  /** Whether the source's root is the one that it was at the last good pass. */
  public enum SourceRoot {
    SAME,
    CHANGED
  }

  /**
   * Where it is remembered what is known of slices.
   *
   * @param file of the agent's own
   * @param identity what it depends on besides the volume's root here
   */
  public record Witnesses(Path file, String identity) {}

  /** The usual limits, but for the windows. */
  public static ReplicaOptions of(
      String name,
      Path root,
      long seed,
      Standing standing,
      SourceRoot sourceRoot,
      Owners owners,
      Exclusions exclusions,
      Windows windows,
      Optional<Witnesses> witnesses,
      Shared shared) {
    return new ReplicaOptions(
        name,
        root,
        seed,
        standing,
        sourceRoot,
        owners,
        exclusions,
        windows,
        USUAL_ASKED_BYTES_MAX,
        2,
        EpochLimits.DEFAULT,
        Duration.ofSeconds(10),
        InstantSource.system(),
        witnesses,
        shared);
  }
}
