package io.driftless.cli.assembly;

import io.driftless.cli.daemon.SourceEnrolment;
import io.driftless.cli.home.Home;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.AgentName;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.Joiner;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.identity.RefusedException;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.Token;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.wire.AgentSession;
import io.driftless.protocol.wire.EnrolmentClient;
import io.driftless.protocol.wire.SessionDialer;
import io.driftless.protocol.wire.Transport;
import io.driftless.protocol.wire.WireException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** Joins a target over the network and keeps the identity that it gives. */
final class Enrolment implements SourceEnrolment {
  private final String version;
  private final SecureRandom random;
  private final InstantSource clock;

  Enrolment(String version, SecureRandom random, InstantSource clock) {
    this.version = version;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Joined join(Request request, Home home) throws IOException {
    try {
      return enrol(request, home);
    } catch (RefusedException e) {
      throw new CommandFailure(
          ExitCode.FAILED, e.refusal().slug(), e.refusal().what(), e.refusal().next(), e);
    } catch (WireException e) {
      throw new CommandFailure(
          hasAnswered(e) ? ExitCode.FAILED : ExitCode.UNREACHABLE,
          e.slug(),
          String.valueOf(e.getMessage()),
          e.hint(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while joining", e);
    }
  }

  /** Whether the target itself has said no. */
  private static boolean hasAnswered(WireException failure) {
    return failure.retry() == WireException.Retry.POINTLESS && failure.getCause() == null;
  }

  private Joined enrol(Request request, Home home) throws IOException, InterruptedException {
    Token token = Token.parse(request.token(), clock.instant());
    List<VolumeName> volumes = request.volumes().stream().map(VolumeName::new).toList();
    var joiner =
        new Joiner(token, new Joiner.Wish(new AgentName(request.agent()), volumes), random, clock);
    var tls = new TlsContexts(TlsProvider.best(), clock);
    try (var transport = new Transport(new Transport.Options(version, request.agent()), tls)) {
      Identity identity = new EnrolmentClient(transport).join(token, joiner);
      AgentName target = nameOfTarget(transport, identity, token);
      identity.store(PrivateDirectory.create(home.identity()).child(target.text()));
      return new Joined(
          identity.name().text(),
          target.text(),
          token.addresses().stream().map(Address::toString).toList(),
          identity.expiresAt());
    }
  }

  /** The first session with the new identity: shows that it works before anything is stored. */
  private static AgentName nameOfTarget(Transport transport, Identity identity, Token token)
      throws IOException, InterruptedException {
    try (AgentSession session =
        new SessionDialer(transport, () -> identity).dial(token.addresses(), 1)) {
      return session.peer().name();
    }
  }
}
