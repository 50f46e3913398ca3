package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;

/** How a pass over one session ended. */
public sealed interface PassEnding {
  /** Everything that could be carried is durable. */
  record Complete(Counters counters) implements PassEnding {}

  record Cancelled(Counters counters) implements PassEnding {}

  /** Everything but what a guard refused is durable. */
  record Refused(Counters counters, Guard guard) implements PassEnding {}

  /** Trying again can't help. */
  record Failed(Failure failure) implements PassEnding {}

  /** The connection broke: what was acknowledged stays, and another attempt goes on from there. */
  record Broken(Failure failure) implements PassEnding {}
}
