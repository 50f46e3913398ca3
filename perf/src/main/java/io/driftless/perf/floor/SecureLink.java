package io.driftless.perf.floor;

import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** One end of a connection with TLS, by blocking calls. For one thread that sends or receives. */
final class SecureLink implements AutoCloseable {
  /** Of ciphertext that is read or written by one system call. */
  private static final int CIPHERTEXT_BYTES = 256 << 10;

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(CIPHERTEXT_BYTES);
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(CIPHERTEXT_BYTES).flip();

  /** What came together with the last message of the handshake. */
  private final ByteBuffer early;

  private SecureLink(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    this.early = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize());
  }

  /** Shakes hands; both ends at a time. */
  static SecureLink open(SocketChannel channel, SSLEngine engine) throws IOException {
    var link = new SecureLink(channel, engine);
    engine.beginHandshake();
    var nothing = ByteBuffer.allocateDirect(0);
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
      switch (status) {
        case NEED_WRAP -> link.send(nothing);
        case NEED_TASK -> engine.getDelegatedTask().run();
        default -> link.unwrap(link.early);
      }
      status = engine.getHandshakeStatus();
    }
    link.early.flip();
    return link;
  }

  /** Sends all that is left in a buffer. */
  void send(ByteBuffer plain) throws IOException {
    do {
      outgoing.clear();
      int record = engine.getSession().getPacketBufferSize();
      do {
        engine.wrap(plain, outgoing);
      } while (plain.hasRemaining() && outgoing.remaining() >= record);
      outgoing.flip();
      while (outgoing.hasRemaining()) {
        channel.write(outgoing);
      }
    } while (plain.hasRemaining());
  }

  /**
   * Adds at least a byte to a buffer that has room for a record.
   *
   * @throws EOFException if the other end has closed
   */
  void receive(ByteBuffer plain) throws IOException {
    if (early.hasRemaining()) {
      plain.put(early);
      return;
    }
    int before = plain.position();
    do {
      unwrap(plain);
    } while (plain.position() == before
        || incoming.hasRemaining()
            && plain.remaining() >= engine.getSession().getApplicationBufferSize());
  }

  /** Waits until the other end closes. */
  void awaitEnd() throws IOException {
    var rest = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize());
    try {
      receive(rest);
    } catch (EOFException e) {
      return; // what was waited for
    }
    throw new IOException("the other end says something");
  }

  /** Unwraps a record; reads more if there is none. */
  private void unwrap(ByteBuffer plain) throws IOException {
    SSLEngineResult result = engine.unwrap(incoming, plain);
    if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
      incoming.compact();
      if (channel.read(incoming) < 0) {
        throw new EOFException("the other end has closed");
      }
      incoming.flip();
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      engine.closeOutbound();
      engine.closeInbound();
    } catch (SSLException e) {
      // the other end closes without a word, too
    } finally {
      ReferenceCountUtil.release(engine);
    }
  }
}
