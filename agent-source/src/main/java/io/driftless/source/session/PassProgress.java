package io.driftless.source.session;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a pass has come.
 *
 * @param phase what it does now
 * @param entriesFound by the walk so far
 * @param filesFound regular files among them
 * @param directoriesFound directories among them, the root included
 * @param bytesFound sizes of the regular files found so far
 * @param entriesDone found equal, or durable or at least staged on the target
 * @param bytesDone of the regular files that are done
 * @param literalBytes content sent
 * @param wireBytes ciphertext sent
 * @param report once it has ended
 */
public record PassProgress(
    String volume,
    long pass,
    Phase phase,
    Instant startedAt,
    long entriesFound,
    long filesFound,
    long directoriesFound,
    long bytesFound,
    long entriesDone,
    long bytesDone,
    long literalBytes,
    long wireBytes,
    long problems,
    Optional<String> blocked,
    Optional<PassReport> report) {

  /** What is left to say of a pass that ended some time ago. */
  public static PassProgress ended(PassReport report) {
    return new PassProgress(
        report.volume(),
        report.pass(),
        Phase.FINISHED,
        report.startedAt(),
        report.entries(),
        report.files(),
        report.directories(),
        report.bytesTotal(),
        report.entries(),
        report.bytesTotal(),
        report.literalBytes(),
        report.wireBytesSent(),
        report.problemsTotal(),
        Optional.empty(),
        Optional.of(report));
  }

  public enum Phase {
    /** Waits for a connection, or for the pass before it. */
    QUEUED,
    /** The walk goes on, so the totals are not yet known. */
    WALKING,
    /** Everything has been found. */
    TRANSFERRING,
    LINKING,
    FINISHED
  }
}
