package io.driftless.protocol.wire;

import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import java.io.IOException;
import java.util.UUID;

/**
 * An authenticated connection between two agents: one control lane and several data lanes, over
 * which the conversations about several volumes run side by side. Thread-safe.
 */
public interface Session extends AutoCloseable {
  UUID id();

  /** Version of the peer's software, for people. */
  String peerSoftware();

  /** What encrypts on our side and on the peer's, for people: for example {@code BORINGSSL/JDK}. */
  String tlsProvider();

  /** Peer's clock minus ours when the session opened, in seconds. */
  double clockSkewSeconds();

  /** Bytes of ciphertext that went over all lanes so far. */
  WireBytes wireBytes();

  /**
   * Opens a conversation with its first message, which goes out at once. For the side that dialled.
   *
   * @throws IOException if the session has ended
   */
  Conversation open(OpenVolume opening, ConversationListener listener) throws IOException;

  /** Tells whether the session still stands. */
  boolean isOpen();

  /** Waits until the session has ended; returns at once if it has. */
  SessionEnd awaitEnd() throws InterruptedException;

  /**
   * Asks the peer for a new certificate and waits for it. For the side that dialled, a source.
   *
   * @throws IOException if the peer refuses, or the session ends first
   */
  Issued renew(Renew request) throws IOException, InterruptedException;

  /**
   * Ends with a last word to the peer; every conversation hears of it. Idempotent, doesn't block.
   */
  void end(SessionEnd reason);

  @Override
  void close();

  /** Ciphertext at the socket, both directions, all lanes, those that were replaced included. */
  record WireBytes(long sent, long received) {}
}
