package io.driftless.protocol.wire;

import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.message.SessionMessage.Welcome;
import io.driftless.protocol.wire.WireException.Retry;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.driftless.protocol.wire.codec.MessageType;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.concurrent.CompletableFuture;

/**
 * The dialling side's first exchange on a connection: {@code Hello}, answered by {@code Welcome}.
 *
 * @param <T> what becomes of a welcome
 */
final class Greeting<T> implements Connection.Owner {
  /** What a target answered. */
  record Welcomed(Connection connection, PeerIdentity peer, Welcome welcome) {}

  /** Takes a connection over, on its event loop, before anything else arrives. */
  interface Next<T> {
    T welcomed(Welcomed welcomed) throws WireException;
  }

  private final Hello hello;
  private final PeerIdentity peer;
  private final String address;
  private final Next<T> next;
  private final CompletableFuture<T> result;

  Greeting(
      Hello hello, PeerIdentity peer, String address, Next<T> next, CompletableFuture<T> result) {
    this.hello = hello;
    this.peer = peer;
    this.address = address;
    this.next = next;
    this.result = result;
  }

  @Override
  public void expect(Connection from, FrameHeader header) {
    if (header.type() != MessageType.WELCOME && header.type() != MessageType.REFUSED) {
      throw new CorruptedFrameException(header.type() + " before a welcome");
    }
  }

  @Override
  public void received(Connection from, int stream, Message message) {
    switch (message) {
      case Welcome welcome -> welcomed(new Welcomed(from, peer, welcome));
      case Refused refused -> {
        result.completeExceptionally(
            new WireException(
                refused.slug(), refused.message(), refused.hint(), retryAfter(refused)));
        from.close();
      }
      default -> throw new CorruptedFrameException("no welcome");
    }
  }

  private static Retry retryAfter(Refused refused) {
    // A clone may be switched off, a crowd may go away; versions and rights need somebody's hand.
    return switch (refused.slug()) {
      case "too-many-connections", "no-such-session", "lane-busy", "closed", "stopping" ->
          Retry.WORTHWHILE;
      default -> Retry.POINTLESS;
    };
  }

  private void welcomed(Welcomed welcomed) {
    int version = welcomed.welcome().version();
    if (version < hello.versionMin() || version > hello.versionMax()) {
      fail(welcomed.connection(), Versions.mismatch(hello, version, version));
      return;
    }
    try {
      result.complete(next.welcomed(welcomed));
    } catch (WireException e) {
      fail(welcomed.connection(), e);
    }
  }

  private void fail(Connection connection, WireException failure) {
    result.completeExceptionally(failure);
    connection.close();
  }

  @Override
  public void lost(Connection connection, Throwable reason) {
    result.completeExceptionally(Failures.ofDialling(reason, address));
  }
}
