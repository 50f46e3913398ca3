package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Refusal;
import io.driftless.protocol.message.SessionMessage.Refused;
import java.io.IOException;

/** What an accepting side tells those whom it doesn't let in. */
final class Refusals {
  private Refusals() {}

  static Refused of(Refusal refusal) {
    return new Refused(refusal.slug(), refusal.what(), refusal.next());
  }

  /** What may be told of a failure: a refusal as it is, anything else without its details. */
  static Refused of(IOException failure) {
    Refusal refusal = Failures.refusalBehind(failure);
    return refusal == null
        ? new Refused(
            "target-failed", "the target could not do its part", "look into the target's log")
        : of(refusal);
  }

  static Refused noSuchSession() {
    return new Refused(
        "no-such-session", "the session that this lane is for is over", "connect again");
  }

  static Refused laneBusy() {
    return new Refused("lane-busy", "the lane can't be replaced now", "");
  }

  static Refused tooMany(int connections) {
    return new Refused(
        "too-many-connections",
        "the agent has %d connections already".formatted(connections),
        "wait a minute; look for a second copy of the agent");
  }

  static Refused cloned(String agent) {
    return new Refused(
        "cloned-identity",
        "agent %s is connected already, from another process".formatted(agent),
        "stop the other one; if its host was copied, invite one of the two anew");
  }

  static Refused renewalOnly() {
    return new Refused(
        "certificate-expired",
        "the agent's certificate has expired: it may be renewed, and nothing else",
        "let the agent renew it");
  }
}
