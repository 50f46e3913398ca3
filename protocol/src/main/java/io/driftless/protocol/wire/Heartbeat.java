package io.driftless.protocol.wire;

/**
 * Decides when to ask for a sign of life, and when there is none. Pure; times are of one clock, in
 * nanoseconds. Confined to one thread.
 */
final class Heartbeat {
  enum Verdict {
    QUIET_ENOUGH,
    PING,
    DEAD
  }

  private final long pingAfterNanos;
  private final long silenceMaxNanos;
  private long pingedAt;

  Heartbeat(WireSettings settings, long now) {
    pingAfterNanos = settings.pingAfter().toNanos();
    silenceMaxNanos = settings.silenceMax().toNanos();
    pingedAt = now;
  }

  /**
   * What to do now.
   *
   * @param received when the last frame came
   */
  Verdict judge(long now, long received) {
    if (now - received > silenceMaxNanos) {
      return Verdict.DEAD;
    }
    if (now - received >= pingAfterNanos && now - pingedAt >= pingAfterNanos) {
      pingedAt = now;
      return Verdict.PING;
    }
    return Verdict.QUIET_ENOUGH;
  }
}
