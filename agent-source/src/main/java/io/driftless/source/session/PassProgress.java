package io.driftless.source.session;

import io.driftless.source.session.PassReport.Purpose;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a pass has come.
 *
 * @param phase what it does now
 * @param found by the walk so far
 * @param entriesDone found equal, or durable or at least staged on the target
 * @param bytesDone of the regular files that are done; where content is verified, what of them has
 *     been read on both sides
 * @param literalBytes content sent
 * @param wireBytes ciphertext sent
 * @param report once it has ended
 */
public record PassProgress(
    String volume,
    long pass,
    Purpose purpose,
    Phase phase,
    Instant startedAt,
    Found found,
    long entriesDone,
    long bytesDone,
    long literalBytes,
    long wireBytes,
    long problems,
    Optional<String> blocked,
    Optional<PassReport> report) {

  /** Nothing has been done of it yet. */
  public static PassProgress queued(String volume, long pass, Purpose purpose, Instant startedAt) {
    return new PassProgress(
        volume,
        pass,
        purpose,
        Phase.QUEUED,
        startedAt,
        Found.NOTHING,
        0,
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty());
  }

  /** What is left to say of a pass that ended some time ago. */
  public static PassProgress ended(PassReport report) {
    return new PassProgress(
        report.volume(),
        report.pass(),
        report.purpose(),
        Phase.FINISHED,
        report.startedAt(),
        report.found(),
        report.found().entries(),
        report.found().bytes(),
        report.applied().literalBytes(),
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
