package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.Peer;
import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.identity.RefusedException;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.wire.Greeting.Next;
import io.driftless.protocol.wire.Greeting.Welcomed;
import io.driftless.protocol.wire.WireException.Retry;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Opens the connections of sessions at one address. Thread-safe, never blocks. */
final class LaneDialer {
  private final Transport transport;
  private final Supplier<Identity> identity;
  private final InetSocketAddress address;
  private final String name;

  LaneDialer(
      Transport transport, Supplier<Identity> identity, InetSocketAddress address, String name) {
    this.transport = transport;
    this.identity = identity;
    this.address = address;
    this.name = name;
  }

  Transport transport() {
    return transport;
  }

  /**
   * Connects and greets.
   *
   * @return fails with a {@link WireException}; when cancelled, the connection is closed
   */
  <T> CompletableFuture<T> connect(
      UUID session, LaneKind kind, int index, int incarnation, Next<T> next) {
    var result = new CompletableFuture<T>();
    SslContext tls;
    try {
      tls = transport.tls().client(identity.get());
    } catch (SSLException e) {
      result.completeExceptionally(Failures.ofDialling(e, name));
      return result;
    }
    Hello hello =
        new Hello(
            Transport.VERSION,
            Transport.VERSION,
            transport.options().software(),
            transport.tls().provider().name(),
            transport.instance(),
            session,
            kind,
            index,
            incarnation,
            transport.clock().instant());
    new OutgoingConnection(transport, address)
        .open(tls, result, (channel, meter) -> greet(channel, meter, hello, next, result));
    result.orTimeout(patience().toMillis(), TimeUnit.MILLISECONDS);
    return result;
  }

  /** How long to wait for a welcome: the target may first have to find out about a clone. */
  Duration patience() {
    WireSettings settings = transport.settings();
    return settings
        .connectMax()
        .plus(settings.handshakeMax().multipliedBy(2))
        .plus(settings.cloneProbe().multipliedBy(2));
  }

  private <T> Connection greet(
      Channel channel, WireMeter meter, Hello hello, Next<T> next, CompletableFuture<T> result)
      throws RefusedException {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    PeerIdentity peer = PeerIdentity.of(tls.engine().getSession(), transport.clock().instant());
    if (!Peer.SESSION_PROTOCOL.equals(tls.applicationProtocol())) {
      result.completeExceptionally(
          new WireException(
              "not-an-agent",
              name + " does not speak " + Peer.SESSION_PROTOCOL,
              "use the same version of driftless on both hosts",
              Retry.POINTLESS));
    }
    var connection =
        new Connection(channel, meter, transport, new Greeting<>(hello, peer, name, next, result));
    connection.outbox().add(hello, 0);
    return connection;
  }

  /** A lane must lead to the agent that the session is with. */
  static void requireSamePeer(LaneSession session, Welcomed welcomed) throws WireException {
    if (!session.peer().id().equals(welcomed.peer().id())) {
      throw new WireException(
          "other-peer",
          "a lane leads to %s, the session is with %s"
              .formatted(welcomed.peer().id(), session.peer().id()),
          "the address must lead to one target; look for load balancers on the way",
          Retry.POINTLESS);
    }
  }
}
