package io.driftless.protocol.wire;

import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.PeerIdentity;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives every connection that comes in. Thread-safe.
 *
 * <p>Those whose {@code Hello} hasn't come are strangers: they are few at a time, and each has an
 * absolute deadline. When there are too many, the one that has waited longest goes, so that a crowd
 * that says nothing can't keep out whoever speaks at once.
 */
@Sharable
final class Reception extends ChannelInitializer<Channel> {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  private final Transport transport;
  private final Supplier<Identity> identity;
  private final Gatekeeper gatekeeper;
  private final EnrolmentDesk desk;
  private final SessionListener listener;
  private final LiveSessions sessions;
  private final Set<Channel> strangers = new LinkedHashSet<>();
  private final Map<AgentId, Integer> connections = new HashMap<>();
  private @Nullable Identity shown;
  private @Nullable SslContext tls;

  Reception(
      Transport transport,
      Supplier<Identity> identity,
      Gatekeeper gatekeeper,
      EnrolmentDesk desk,
      SessionListener listener,
      LiveSessions sessions) {
    this.transport = transport;
    this.identity = identity;
    this.gatekeeper = gatekeeper;
    this.desk = desk;
    this.listener = listener;
    this.sessions = sessions;
  }

  @Override
  protected void initChannel(Channel channel) throws SSLException {
    addStranger(channel);
    var meter = new WireMeter();
    var arrival = new Arrival(this, transport, channel);
    TlsArrival.prepare(
        channel,
        meter,
        currentTls(),
        transport.settings(),
        () -> arrival.secured(meter),
        failure -> sentAway(channel, failure));
  }

  private static void sentAway(Channel channel, Throwable failure) {
    var refusal = Failures.refusalBehind(failure);
    if (refusal != null) {
      LOG.info("{} was sent away: {}", channel.remoteAddress(), refusal);
    } else {
      LOG.debug("{} did not finish its TLS handshake", channel.remoteAddress(), failure);
    }
  }

  private void addStranger(Channel channel) {
    Channel longest = null;
    synchronized (this) {
      if (strangers.size() >= transport.settings().strangersMax()) {
        longest = strangers.iterator().next();
        strangers.remove(longest);
      }
      strangers.add(channel);
    }
    if (longest != null) {
      longest.close();
    }
    channel.closeFuture().addListener(_ -> hasSpoken(channel));
    channel
        .eventLoop()
        .schedule(
            () -> closeIfStranger(channel),
            transport.settings().handshakeMax().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void closeIfStranger(Channel channel) {
    boolean isLate;
    synchronized (this) {
      isLate = strangers.remove(channel);
    }
    if (isLate) {
      channel.close();
    }
  }

  /** The connection is no stranger any more. */
  synchronized void hasSpoken(Channel channel) {
    strangers.remove(channel);
  }

  synchronized int strangers() {
    return strangers.size();
  }

  /**
   * Counts a connection for its agent while it lasts.
   *
   * @return false if the agent has too many
   */
  boolean count(AgentId agent, Channel channel) {
    synchronized (this) {
      int count = connections.getOrDefault(agent, 0);
      if (count >= transport.settings().connectionsPerAgentMax()) {
        return false;
      }
      connections.put(agent, count + 1);
    }
    channel.closeFuture().addListener(_ -> discount(agent));
    return true;
  }

  private synchronized void discount(AgentId agent) {
    connections.computeIfPresent(agent, (_, count) -> count == 1 ? null : count - 1);
  }

  /** The context for what the target shows now; the caller gives it up. */
  private synchronized SslContext currentTls() throws SSLException {
    Identity current = identity.get();
    SslContext context = tls;
    if (context == null || current != shown) {
      SslContext fresh = transport.tls().server(current);
      if (context != null) {
        ReferenceCountUtil.release(context);
      }
      tls = fresh;
      shown = current;
      context = fresh;
    }
    return ReferenceCountUtil.retain(context);
  }

  /** Lets go of TLS, once nothing comes in any more. */
  synchronized void close() {
    if (tls != null) {
      ReferenceCountUtil.release(tls);
      tls = null;
      shown = null;
    }
  }

  SessionSide sideFor(PeerIdentity agent) {
    return new AcceptedSide(listener, desk, sessions, agent.standing());
  }

  void opened(LaneSession session) {
    try {
      listener.opened(session);
    } catch (RuntimeException e) {
      LOG.error("{} could not begin", session, e);
      session.close();
    }
  }

  void cloned(PeerIdentity agent, Channel channel) {
    listener.cloned(agent, addressOf(channel));
  }

  private static String addressOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress from
        ? from.getAddress().getHostAddress()
        : "an unknown address";
  }

  Gatekeeper gatekeeper() {
    return gatekeeper;
  }

  EnrolmentDesk desk() {
    return desk;
  }

  LiveSessions sessions() {
    return sessions;
  }
}
