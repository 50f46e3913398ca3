package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a finished pass did.
 *
 * @param target name of the target that it went to
 * @param wireBytesSent ciphertext at the socket, all lanes
 * @param differencesTotal of a verification, what differs; of a dry run or an itemized pass, what
 *     would be done or was done, and why; of any other pass, what was deleted or renamed, or would
 *     have been deleted; all of them are kept by the agent
 * @param problems at most {@link #PROBLEMS_LISTED_MAX}; all of them are kept by the agent
 * @param manifest the agent's file with the hashes of all files, of a verification of content
 */
public record PassReport(
    String volume,
    String target,
    long pass,
    Purpose purpose,
    Outcome outcome,
    Instant startedAt,
    double seconds,
    Found found,
    Applied applied,
    long wireBytesSent,
    long wireBytesReceived,
    long problemsTotal,
    long differencesTotal,
    List<Problem> problems,
    List<Notice> notices,
    Optional<Guard> guard,
    Optional<Failure> error,
    Optional<String> manifest) {

  public static final int PROBLEMS_LISTED_MAX = 1000;

  /** The same report with problems and notices that were kept apart. */
  public PassReport withFindings(List<Problem> foundProblems, List<Notice> foundNotices) {
    return new PassReport(
        volume,
        target,
        pass,
        purpose,
        outcome,
        startedAt,
        seconds,
        found,
        applied,
        wireBytesSent,
        wireBytesReceived,
        problemsTotal,
        differencesTotal,
        foundProblems,
        foundNotices,
        guard,
        error,
        manifest);
  }

  /** Where to look at what a guard kept from being deleted. */
  public Optional<String> look() {
    return guard
        .filter(by -> !by.examples().isEmpty())
        .map(_ -> "driftless history %s %d --deletes".formatted(volume, pass));
  }

  /** What it was for. */
  public enum Purpose {
    SYNC,
    DRY_RUN,
    VERIFY,
    VERIFY_CONTENT;

    public static Purpose of(PassRequest request) {
      return switch (request.effect()) {
        case APPLY, ITEMIZE -> SYNC;
        case DRY_RUN -> DRY_RUN;
        case VERIFY -> request.compare() == Compare.CONTENT ? VERIFY_CONTENT : VERIFY;
      };
    }

    public boolean isVerification() {
      return this == VERIFY || this == VERIFY_CONTENT;
    }
  }

  public enum Outcome {
    DONE,
    PROBLEMS,
    REFUSED,
    CANCELLED,
    FAILED
  }

  /** A check that refused to go on. */
  public record Guard(String slug, String message, List<String> examples, String continueWith) {
    /** The slug of the guard of volumes that were taken over on the target. */
    public static final String RELEASED = "released";
  }

  /** Why a pass failed. */
  public record Failure(String slug, String message, String hint) {}
}
