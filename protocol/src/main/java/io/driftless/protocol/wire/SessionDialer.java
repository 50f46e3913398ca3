package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.wire.Greeting.Welcomed;
import io.driftless.protocol.wire.LaneSession.Introduction;
import io.driftless.protocol.wire.WireException.Retry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens sessions with a target. Thread-safe; blocks, so never on an event loop. */
public final class SessionDialer {
  private final Transport transport;
  private final Supplier<Identity> identity;

  /**
   * A dialler.
   *
   * @param identity what to show on the next connection; asked each time, since it is renewed
   */
  public SessionDialer(Transport transport, Supplier<Identity> identity) {
    this.transport = transport;
    this.identity = identity;
  }

  /**
   * Opens a session at the first address that answers.
   *
   * @param dataLanes how many, 1 to {@link Hello#LANES_MAX}
   * @throws WireException if there is none to be had; its slug tells why, see {@code
   *     protocol/README.md}
   */
  public AgentSession dial(List<Address> addresses, int dataLanes)
      throws IOException, InterruptedException {
    if (dataLanes < 1 || dataLanes > Hello.LANES_MAX) {
      throw new IllegalArgumentException(
          "1 to %d data lanes, not %d".formatted(Hello.LANES_MAX, dataLanes));
    }
    transport.requireOffLoop();
    IOException first = null;
    for (Address address : addresses) {
      try {
        return dial(address, dataLanes);
      } catch (WireException e) {
        if (e.retry() == Retry.POINTLESS && e.getCause() == null) {
          throw e; // a target that is ours has said no
        }
        first = collect(first, e);
      }
    }
    throw first == null ? new IOException("there is no address to dial") : first;
  }

  private AgentSession dial(Address address, int dataLanes)
      throws IOException, InterruptedException {
    IOException first = null;
    for (InetAddress at : resolve(address)) {
      try {
        return dial(new InetSocketAddress(at, address.port()), address.toString(), dataLanes);
      } catch (WireException e) {
        if (e.retry() == Retry.POINTLESS) {
          throw e;
        }
        first = collect(first, e);
      }
    }
    throw first == null ? new IOException(address + " has no addresses") : first;
  }

  private static IOException collect(@Nullable IOException first, WireException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  private static InetAddress[] resolve(Address address) throws WireException {
    try {
      return InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      throw Failures.unknownHost(address.host(), e);
    }
  }

  private AgentSession dial(InetSocketAddress address, String name, int dataLanes)
      throws IOException, InterruptedException {
    var lanes = new LaneDialer(transport, identity, address, name);
    LaneSession session = openControl(lanes, UUID.randomUUID(), name);
    try {
      for (int i = 0; i < dataLanes; i++) {
        int index = i;
        await(
            lanes.connect(session.id(), LaneKind.DATA, i, 0, it -> addLane(session, index, it)),
            lanes,
            name);
      }
      return session;
    } catch (IOException | InterruptedException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private LaneSession openControl(LaneDialer lanes, UUID id, String name)
      throws IOException, InterruptedException {
    var side = new DialledSide(lanes);
    CompletableFuture<LaneSession> opening =
        lanes.connect(id, LaneKind.CONTROL, 0, 0, it -> begin(id, side, it));
    try {
      return await(opening, lanes, name);
    } catch (IOException | InterruptedException e) {
      opening.thenAccept(LaneSession::close); // where it opened just then
      throw e;
    }
  }

  private LaneSession begin(UUID id, SessionSide side, Welcomed welcomed) {
    double skew =
        Duration.between(transport.clock().instant(), welcomed.welcome().clock()).toMillis() / 1e3;
    var introduction =
        new Introduction(
            id,
            welcomed.peer(),
            welcomed.welcome().software(),
            welcomed.welcome().tlsProvider(),
            skew);
    var session = new LaneSession(transport, introduction, side, welcomed.connection());
    session.begin();
    session.greet();
    return session;
  }

  private static Lane addLane(LaneSession session, int index, Welcomed welcomed)
      throws WireException {
    LaneDialer.requireSamePeer(session, welcomed);
    return session.addLane(index, welcomed.connection());
  }

  private <T> T await(CompletableFuture<T> result, LaneDialer lanes, String name)
      throws IOException, InterruptedException {
    try {
      return Waiting.on(result, lanes.patience().plusSeconds(1), "an answer of " + name);
    } finally {
      result.cancel(false);
    }
  }
}
