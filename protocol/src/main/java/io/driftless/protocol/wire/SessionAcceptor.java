package io.driftless.protocol.wire;

import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.driftless.protocol.wire.WireException.Retry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/** Listens for agents, and lets in those that may. Thread-safe. */
public final class SessionAcceptor implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final Channel channel;
  private final Reception reception;
  private final LiveSessions sessions;

  private SessionAcceptor(Channel channel, Reception reception, LiveSessions sessions) {
    this.channel = channel;
    this.reception = reception;
    this.sessions = sessions;
  }

  /**
   * Whom an acceptor asks.
   *
   * @param identity what to show on the next connection; asked each time, since it is renewed
   */
  public record Office(
      Supplier<Identity> identity,
      Gatekeeper gatekeeper,
      EnrolmentDesk desk,
      SessionListener listener) {}

  /**
   * Begins to listen.
   *
   * @throws WireException with the slug {@code port-in-use}, {@code port-forbidden} or {@code
   *     address-not-here}
   */
  public static SessionAcceptor bind(Transport transport, InetSocketAddress address, Office office)
      throws IOException {
    var sessions = new LiveSessions();
    var reception =
        new Reception(
            transport,
            office.identity(),
            office.gatekeeper(),
            office.desk(),
            office.listener(),
            sessions);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(transport.loops())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, transport.allocator())
            .childHandler(reception)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw whyNotBound(address, bound.cause());
    }
    return new SessionAcceptor(bound.channel(), reception, sessions);
  }

  private static WireException whyNotBound(InetSocketAddress address, Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    String where = address.getHostString() + ":" + address.getPort();
    if (address.isUnresolved()) {
      return notBound(
          "address-not-here",
          "can't listen at %s: the name has no address".formatted(where),
          "listen at an address of this host, or at :%d for all".formatted(address.getPort()),
          cause);
    }
    if (text.contains("in use")) {
      return notBound(
          "port-in-use",
          "another program listens at %s already".formatted(where),
          "stop it, or listen on another port",
          cause);
    }
    if (text.contains("ermission denied")) {
      return notBound(
          "port-forbidden", "may not listen at " + where, "take a port above 1023", cause);
    }
    return notBound(
        "address-not-here",
        "can't listen at %s: %s".formatted(where, text),
        "listen at an address of this host, or at :%d for all".formatted(address.getPort()),
        cause);
  }

  private static WireException notBound(String slug, String what, String next, Throwable cause) {
    return new WireException(slug, what, next, Retry.POINTLESS, cause);
  }

  /** Where it listens; with the port that was found if 0 was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  public List<AgentSession> sessions() {
    return List.copyOf(sessions.all());
  }

  /** Ends the session of an agent, if it has one; for revocations. Doesn't block. */
  public void endSessions(AgentId agent, SessionEnd reason) {
    LaneSession session = sessions.find(agent);
    if (session != null) {
      session.end(reason);
    }
  }

  /** How many connections have not said who they are. */
  int strangers() {
    return reception.strangers();
  }

  /** Stops listening and ends all sessions. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    for (LaneSession session : sessions.all()) {
      session.end(
          new SessionEnd(
              Cause.CLOSED_HERE, SessionEnd.STOPPING, "the target agent is stopping", ""));
    }
    reception.close();
  }
}
