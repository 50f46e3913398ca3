package io.driftless.protocol.message;

import io.driftless.protocol.pace.Limit;
import java.time.Instant;
import java.util.UUID;

/** What opens, keeps alive and closes the lanes of a session. Always on stream 0. */
public sealed interface SessionMessage extends Message {
  /** Greatest length of every text in these messages, in bytes of UTF-8. */
  int MAX_TEXT_BYTES = 4096;

  /** What a connection is for. */
  enum LaneKind {
    CONTROL,
    DATA
  }

  /**
   * The first message on every lane, from the side that dialled.
   *
   * @param versionMin oldest version of the protocol that the sender speaks
   * @param versionMax newest version of the protocol that the sender speaks
   * @param software version of the program, for people
   * @param tlsProvider {@code BORINGSSL} or {@code JDK}, for people
   * @param instance drawn anew by each process: tells a reconnecting agent from a clone of its
   *     machine
   * @param session drawn by the dialling side for a new session, repeated on its further lanes
   * @param incarnation how often this lane has been replaced: 0 opens it, more takes over from the
   *     connection with the number before
   * @param clock of the sender
   */
  record Hello(
      int versionMin,
      int versionMax,
      String software,
      String tlsProvider,
      UUID instance,
      UUID session,
      LaneKind lane,
      int laneIndex,
      int incarnation,
      Instant clock)
      implements SessionMessage {
    public static final int LANES_MAX = 16;
  }

  /** The answer to {@link Hello}: the lane is open, in this version. */
  record Welcome(int version, String software, String tlsProvider, String agentName, Instant clock)
      implements SessionMessage {}

  /**
   * A refusal, or the last word before the sender closes.
   *
   * @param slug short and stable, for programs
   * @param message one line: what, where
   * @param hint one line: what to do next, may be empty
   */
  record Refused(String slug, String message, String hint) implements SessionMessage {}

  record Ping(long number) implements SessionMessage {}

  record Pong(long number) implements SessionMessage {}

  /**
   * The sender will send nothing more on this connection; each side says it once before a lane goes
   * on with another.
   */
  record EndOfLane() implements SessionMessage {}

  /**
   * The next chained records on this lane begin a chain: the receiver may let go of what those so
   * far have left in view.
   */
  record EndOfChain() implements SessionMessage {}

  /**
   * From the side that was dialled: this connection has carried enough, or is old enough, to be
   * replaced. Void if it has been already.
   */
  record ReplaceLane(LaneKind lane, int laneIndex, int incarnation) implements SessionMessage {}

  /**
   * From either side, at any time: so much may the peer send from now on, over all lanes. Control
   * lanes are not held up. Without it there is no limit.
   *
   * @param bytesPerSecond of ciphertext; 0 stops content, {@link #UNLIMITED} lifts the limit
   */
  record Allowance(long bytesPerSecond) implements SessionMessage {
    public static final long UNLIMITED = -1;

    public static Allowance of(Limit limit) {
      return new Allowance(limit.isUnlimited() ? UNLIMITED : limit.perSecond());
    }

    public Limit limit() {
      return bytesPerSecond < 0 ? Limit.UNLIMITED : new Limit(bytesPerSecond);
    }
  }
}
