package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.identity.AgentName;
import io.driftless.protocol.identity.AgentRegistry;
import io.driftless.protocol.identity.Authority;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.RegisteredAgent;
import io.driftless.protocol.identity.Registrar;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.Subject;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.Token;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.wire.SessionAcceptor.Office;
import io.driftless.protocol.wire.Transport.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Two agents of one authority on loopback, over mutual TLS, with throw-away identities: what tests
 * of either agent need for a real session.
 */
public final class LoopbackPair implements AutoCloseable {
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final Authority authority = Authority.create(random, clock);
  private final AgentRegistry registry = AgentRegistry.inMemory(clock);
  private final Invitations invitations = Invitations.inMemory(random, clock);
  private final Identity target = identity("target", Role.TARGET);
  private final EnrolmentDesk desk =
      new RegistrarDesk(
          new Registrar(authority, registry, invitations, random, clock), () -> target);
  private final Identity source = enrolled("source");
  private final Transport targetTransport;
  private final Transport sourceTransport;
  private final SessionAcceptor acceptor;
  private final List<Transport> others = new ArrayList<>();

  private LoopbackPair(
      SessionListener listener,
      Options sourceOptions,
      Options targetOptions,
      TlsProvider sourceProvider,
      TlsProvider targetProvider)
      throws IOException {
    sourceTransport = new Transport(sourceOptions, new TlsContexts(sourceProvider, clock));
    targetTransport = new Transport(targetOptions, new TlsContexts(targetProvider, clock));
    acceptor =
        SessionAcceptor.bind(
            targetTransport,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Office(() -> target, registry::admit, desk, listener));
  }

  /** A target that listens and a source that may dial. */
  public static LoopbackPair listening(SessionListener listener) throws IOException {
    return listening(listener, options -> options);
  }

  /** As {@link #listening(SessionListener)}, with other options on both sides. */
  public static LoopbackPair listening(SessionListener listener, UnaryOperator<Options> adjust)
      throws IOException {
    return listening(listener, adjust, adjust, TlsProvider.best(), TlsProvider.best());
  }

  static LoopbackPair listening(
      SessionListener listener,
      UnaryOperator<Options> ofSource,
      UnaryOperator<Options> ofTarget,
      TlsProvider sourceProvider,
      TlsProvider targetProvider)
      throws IOException {
    return new LoopbackPair(
        listener,
        ofSource.apply(new Options("1.0-test", "source")),
        ofTarget.apply(new Options("1.0-test", "target")),
        sourceProvider,
        targetProvider);
  }

  /** A session of the source, seen from its side. */
  public AgentSession dial(int dataLanes) throws IOException, InterruptedException {
    return dialer().dial(List.of(address()), dataLanes);
  }

  SessionDialer dialer() {
    return new SessionDialer(sourceTransport, () -> source);
  }

  /** A dialler of another process, which may show any identity. */
  SessionDialer dialerOf(Identity identity, TlsProvider provider, Options options) {
    var transport = new Transport(options, new TlsContexts(provider, clock));
    others.add(transport);
    return new SessionDialer(transport, () -> identity);
  }

  SessionDialer clonedDialer() {
    return dialerOf(source, TlsProvider.best(), new Options("1.0-test", "source"));
  }

  Address address() {
    return new Address("127.0.0.1", acceptor.address().getPort());
  }

  InetSocketAddress socketAddress() {
    return acceptor.address();
  }

  public SessionAcceptor acceptor() {
    return acceptor;
  }

  public AgentRegistry registry() {
    return registry;
  }

  TlsContexts contexts(TlsProvider provider) {
    return new TlsContexts(provider, clock);
  }

  /** A token of this target, with which an agent may bring the volume {@code www}. */
  Token invite() throws IOException {
    return invitations.invite(
        new Invitations.Offer(
            List.of(address()),
            authority.keyHash(),
            null,
            Rights.of(new VolumeName("www"), Role.SOURCE),
            Invitations.TTL));
  }

  /** Another process on another host. */
  Transport stranger() {
    var transport =
        new Transport(new Options("1.0-test", "stranger"), contexts(TlsProvider.best()));
    others.add(transport);
    return transport;
  }

  EnrolmentDesk desk() {
    return desk;
  }

  Identity source() {
    return source;
  }

  Transport sourceTransport() {
    return sourceTransport;
  }

  Transport targetTransport() {
    return targetTransport;
  }

  Identity identity(String name, Role role) {
    return authority.newIdentity(new Subject(AgentId.random(random), new AgentName(name), role));
  }

  /** An identity of an agent that is on the target's list. */
  Identity enrolled(String name) {
    Identity identity = identity(name, Role.SOURCE);
    try {
      registry.add(
          new RegisteredAgent(
              identity.id(),
              identity.name(),
              identity.keyHash(),
              null,
              Rights.NONE,
              clock.instant(),
              null,
              null));
    } catch (IOException e) {
      throw new IllegalStateException("a list in memory takes an agent", e);
    }
    return identity;
  }

  @Override
  public void close() {
    acceptor.close();
    others.forEach(Transport::close);
    sourceTransport.close();
    targetTransport.close();
  }
}
