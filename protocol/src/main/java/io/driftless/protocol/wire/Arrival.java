package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Admission;
import io.driftless.protocol.identity.Peer;
import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.identity.RefusedException;
import io.driftless.protocol.message.EnrolmentMessage.Enrol;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.message.SessionMessage.Welcome;
import io.driftless.protocol.wire.LaneSession.Introduction;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.driftless.protocol.wire.codec.MessageType;
import io.netty.channel.Channel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that has come in, until it belongs to a session or is sent away. Confined to its
 * event loop.
 */
final class Arrival implements Connection.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);
  private static final long TAKE_OVER_PAUSE_MILLIS = 20;
  private static final long REFUSAL_MILLIS = 2000;

  private final Reception reception;
  private final Transport transport;
  private final Channel channel;
  private @Nullable PeerIdentity peer;
  private EnrolmentDesk.@Nullable Visit visit;
  private boolean hasSpoken;

  Arrival(Reception reception, Transport transport, Channel channel) {
    this.reception = reception;
    this.transport = transport;
    this.channel = channel;
  }

  /** TLS stands: finds out who is there. */
  Connection secured(WireMeter meter) {
    var connection = new Connection(channel, meter, transport, this);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    try {
      switch (Peer.of(
          tls.engine().getSession(), tls.applicationProtocol(), transport.clock().instant())) {
        case Peer.Agent(var identity) -> peer = identity;
        case Peer.Joiner() -> {
          EnrolmentDesk.Visit begun = reception.desk().visit();
          visit = begun;
          connection.outbox().add(begun.challenge(), 0);
        }
      }
    } catch (RefusedException e) {
      refuse(connection, Refusals.of(e.refusal()));
    }
    return connection;
  }

  @Override
  public void expect(Connection from, FrameHeader header) {
    MessageType wanted = visit == null ? MessageType.HELLO : MessageType.ENROL;
    if (hasSpoken || header.type() != wanted) {
      throw new CorruptedFrameException("%s before a welcome".formatted(header.type()));
    }
  }

  @Override
  public void received(Connection from, int stream, Message message) {
    hasSpoken = true;
    PeerIdentity agent = peer;
    if (message instanceof Hello hello && agent != null) {
      reception.hasSpoken(channel);
      hello(from, agent, hello);
    } else if (message instanceof Enrol enrol && visit != null) {
      enrol(from, visit, enrol);
    } else {
      throw new CorruptedFrameException("unexpected: " + message.getClass().getSimpleName());
    }
  }

  private void hello(Connection connection, PeerIdentity agent, Hello hello) {
    if (Versions.agreed(hello) == 0) {
      refuse(connection, Versions.refusal(hello, transport.options().software()));
      return;
    }
    if (reception.gatekeeper().admit(agent) instanceof Admission.Refused(var refusal)) {
      refuse(connection, Refusals.of(refusal));
      return;
    }
    if (!reception.count(agent.id(), channel)) {
      refuse(connection, Refusals.tooMany(transport.settings().connectionsPerAgentMax()));
      return;
    }
    if (hello.lane() == LaneKind.CONTROL && hello.incarnation() == 0) {
      requestSession(connection, agent, hello);
    } else {
      LaneSession session =
          reception.sessions().find(agent.id(), hello.instance(), hello.session());
      join(connection, hello, session);
    }
  }

  private void requestSession(Connection connection, PeerIdentity agent, Hello hello) {
    reception
        .sessions()
        .request(
            agent.id(),
            hello.instance(),
            new LiveSessions.Verdict() {
              @Override
              public void welcome() {
                channel.eventLoop().execute(() -> begin(connection, agent, hello));
              }

              @Override
              public void cloned() {
                reception.cloned(agent, channel);
                refuse(connection, Refusals.cloned(agent.name().text()));
              }

              @Override
              public void busy() {
                refuse(connection, Refusals.laneBusy());
              }
            });
  }

  private void begin(Connection connection, PeerIdentity agent, Hello hello) {
    if (!channel.isActive()) {
      reception.sessions().giveUp(agent.id());
      return;
    }
    // The decision may have taken seconds, and the agent may have been revoked meanwhile.
    if (reception.gatekeeper().admit(agent) instanceof Admission.Refused(var refusal)) {
      reception.sessions().giveUp(agent.id());
      refuse(connection, Refusals.of(refusal));
      return;
    }
    double skew = Duration.between(transport.clock().instant(), hello.clock()).toMillis() / 1e3;
    var introduction =
        new Introduction(hello.session(), agent, hello.software(), hello.tlsProvider(), skew);
    var session = new LaneSession(transport, introduction, reception.sideFor(agent), connection);
    reception.sessions().enter(agent.id(), hello.instance(), session);
    reception.opened(session);
    session.begin();
    connection.outbox().add(welcome(), 0);
    session.greet();
  }

  private void join(Connection connection, Hello hello, @Nullable LaneSession session) {
    if (session == null) {
      refuse(connection, Refusals.noSuchSession());
      return;
    }
    Lane lane = session.findLane(hello.lane(), hello.laneIndex());
    if (lane != null) {
      takeOver(connection, hello, session, lane, System.nanoTime());
    } else if (hello.incarnation() == 0) {
      session.addLane(hello.laneIndex(), connection);
      connection.outbox().add(welcome(), 0);
    } else {
      refuse(connection, Refusals.noSuchSession());
    }
  }

  /** Waits until the replacement before this one is over; it nearly is. */
  private void takeOver(
      Connection connection, Hello hello, LaneSession session, Lane lane, long since) {
    if (!channel.isActive()) {
      return;
    }
    if (lane.mayBecome(hello.incarnation())) {
      connection.belongTo(lane);
      connection.outbox().add(welcome(), 0);
      lane.handOver(connection);
    } else if (!session.isOpen()
        || System.nanoTime() - since > transport.settings().handshakeMax().toNanos()) {
      refuse(connection, Refusals.laneBusy());
    } else {
      channel
          .eventLoop()
          .schedule(
              () -> takeOver(connection, hello, session, lane, since),
              TAKE_OVER_PAUSE_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private Welcome welcome() {
    return new Welcome(
        Transport.VERSION,
        transport.options().software(),
        transport.tls().provider().name(),
        transport.options().agentName(),
        transport.clock().instant());
  }

  private void enrol(Connection connection, EnrolmentDesk.Visit begun, Enrol request) {
    transport
        .blocking()
        .execute(() -> {
          try {
            connection.outbox().add(begun.enrol(request), 0, connection::close);
          } catch (IOException e) {
            LOG.warn("{} was not enrolled: {}", connection, e.getMessage());
            refuse(connection, Refusals.of(e));
          } catch (RuntimeException e) {
            LOG.error("{} was not enrolled", connection, e);
            refuse(connection, Refusals.of(new IOException(e)));
          }
        });
  }

  /** Tells why, and closes. From any thread. */
  private void refuse(Connection connection, Refused why) {
    LOG.info("{} was sent away: {}: {}", connection, why.slug(), why.message());
    connection.outbox().add(why, 0, connection::close);
    channel.eventLoop().schedule(connection::close, REFUSAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void lost(Connection connection, Throwable reason) {
    LOG.debug("{} left before it was let in", connection, reason);
  }
}
