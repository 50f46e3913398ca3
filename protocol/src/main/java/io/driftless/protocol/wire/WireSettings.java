package io.driftless.protocol.wire;

import java.time.Duration;

/**
 * Times and limits of sessions; the defaults are those of production, tests have shorter ones.
 *
 * @param pingAfter silence on the control lane after which a side asks for a sign of life
 * @param silenceMax silence on the control lane after which the session counts as broken; also how
 *     long a socket may take no byte that waits for it
 * @param connectMax how long to wait for a TCP connection
 * @param handshakeMax how long a new connection may take until its {@code Hello} has come
 * @param cloneProbe how long a session may take to prove that it lives when another of the same
 *     agent turns up
 * @param laneBytesMax ciphertext in either direction after which a connection is replaced
 * @param laneAgeMax after which a connection is replaced
 * @param controlQueueBytesMax what may wait for a peer that doesn't read its control lane
 * @param strangersMax connections at a time whose {@code Hello} hasn't come
 * @param connectionsPerAgentMax connections at a time of one agent
 */
public record WireSettings(
    Duration pingAfter,
    Duration silenceMax,
    Duration connectMax,
    Duration handshakeMax,
    Duration cloneProbe,
    long laneBytesMax,
    Duration laneAgeMax,
    int controlQueueBytesMax,
    int strangersMax,
    int connectionsPerAgentMax) {
  private static final long GIBIBYTE = 1L << 30;

  /** Of the process; trials of whole agents have connections replaced early by it. */
  private static final String LANE_BYTES_MAX = "driftless.laneBytesMax";

  public static final WireSettings DEFAULT =
      new WireSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Long.getLong(LANE_BYTES_MAX, 32 * GIBIBYTE),
          Duration.ofHours(12),
          64 << 20,
          64,
          40);

  public WireSettings withPulse(Duration pingAfter, Duration silenceMax) {
    return new WireSettings(
        pingAfter,
        silenceMax,
        connectMax,
        handshakeMax,
        cloneProbe,
        laneBytesMax,
        laneAgeMax,
        controlQueueBytesMax,
        strangersMax,
        connectionsPerAgentMax);
  }

  public WireSettings withHandshake(Duration handshakeMax, Duration cloneProbe) {
    return new WireSettings(
        pingAfter,
        silenceMax,
        connectMax,
        handshakeMax,
        cloneProbe,
        laneBytesMax,
        laneAgeMax,
        controlQueueBytesMax,
        strangersMax,
        connectionsPerAgentMax);
  }

  public WireSettings withLanesReplacedAfter(long laneBytesMax, Duration laneAgeMax) {
    return new WireSettings(
        pingAfter,
        silenceMax,
        connectMax,
        handshakeMax,
        cloneProbe,
        laneBytesMax,
        laneAgeMax,
        controlQueueBytesMax,
        strangersMax,
        connectionsPerAgentMax);
  }

  public WireSettings withControlQueue(int controlQueueBytesMax) {
    return new WireSettings(
        pingAfter,
        silenceMax,
        connectMax,
        handshakeMax,
        cloneProbe,
        laneBytesMax,
        laneAgeMax,
        controlQueueBytesMax,
        strangersMax,
        connectionsPerAgentMax);
  }
}
