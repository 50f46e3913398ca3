package io.driftless.protocol.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A target's half of enrolment, on files, that can be started again at any time. */
final class TestTarget {
  static final VolumeName WWW = new VolumeName("www");

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final PrivateDirectory directory;
  final Authority authority;
  final AgentRegistry registry;
  final Invitations invitations;
  final Registrar registrar;
  final Identity identity;

  private TestTarget(PrivateDirectory directory, Authority authority, InstantSource clock)
      throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.authority = authority;
    registry = AgentRegistry.in(directory, clock);
    invitations = Invitations.in(directory, random, clock);
    registrar = new Registrar(authority, registry, invitations, random, clock);
    identity =
        authority.newIdentity(
            new Subject(AgentId.random(random), new AgentName("target"), Role.TARGET));
  }

  static TestTarget init(Path home, InstantSource clock) throws IOException {
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("identity"));
    Authority authority = Authority.create(new SecureRandom(), clock);
    authority.store(directory);
    return new TestTarget(directory, authority, clock);
  }

  TestTarget restarted() throws IOException {
    return new TestTarget(directory, Authority.load(directory, random, clock), clock);
  }

  Token invite() throws IOException {
    return invite(null);
  }

  Token invite(@Nullable AgentName agent) throws IOException {
    return invitations.invite(
        new Invitations.Offer(
            List.of(new Address("127.0.0.1", 7440)),
            authority.keyHash(),
            agent,
            Rights.of(WWW, Role.SOURCE),
            Invitations.TTL));
  }

  /** Everything that a join does, without the connection. */
  Identity join(Token token, String name) throws IOException {
    return join(token, new Joiner.Wish(new AgentName(name), List.of(WWW)));
  }

  Identity join(Token token, Joiner.Wish wish) throws IOException {
    Joiner joiner = new Joiner(token, wish, random, clock);
    EnrolmentBinding binding = registrar.bind(identity);
    EnrolmentRequest request = joiner.request(identity.chain(), binding.nonce());
    return joiner.accept(authority.certificate(), registrar.enrol(request, binding).leaf());
  }

  PeerIdentity peer(Identity agent) throws IOException {
    return PeerIdentity.of(agent.leaf(), clock.instant());
  }

  static final Duration HOUR = Duration.ofHours(1);
  static final Duration DAY = Duration.ofDays(1);
}
