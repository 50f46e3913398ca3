package io.driftless.source.session;

import io.driftless.source.session.PassReport.Failure;

/** How far a question about one entry has come. */
public sealed interface Inquiry {
  /** A pass runs, or the target isn't connected. */
  record Waiting() implements Inquiry {}

  /** Both sides look at the entry. */
  record Looking() implements Inquiry {}

  record Answered(Explanation explanation) implements Inquiry {}

  record Failed(Failure failure) implements Inquiry {}
}
