package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A target's office: lets agents in that have a token, and gives those on the list new
 * certificates.
 *
 * <p>Safe for concurrent use, one request at a time. Methods block on files, so they don't belong
 * on an event loop. A refusal is an exception; its line may be told to the peer.
 */
public final class Registrar {
  private final Authority authority;
  private final AgentRegistry registry;
  private final Invitations invitations;
  private final SecureRandom random;
  private final InstantSource clock;

  public Registrar(
      Authority authority,
      AgentRegistry registry,
      Invitations invitations,
      SecureRandom random,
      InstantSource clock) {
    this.authority = authority;
    this.registry = registry;
    this.invitations = invitations;
    this.random = random;
    this.clock = clock;
  }

  /** What a proof on a new connection has to be bound to; the nonce goes to the joining agent. */
  public EnrolmentBinding bind(Identity server) {
    return new EnrolmentBinding(authority.keyHash(), server.keyHash(), Word256.random(random));
  }

  /**
   * Enrols an agent. The token is used up, durably, before anything is issued: whatever breaks, it
   * never serves two.
   *
   * @param binding what this connection began with; good for one call
   * @throws RefusedException if the token isn't good or the proof is wrong; or if the name is taken
   *     or a volume not allowed, and then the token stays good
   */
  public synchronized Enrolled enrol(EnrolmentRequest request, EnrolmentBinding binding)
      throws IOException {
    Invitation invitation =
        invitations.redeem(request, binding, open -> requireAcceptable(open, request));
    AgentName name = nameFor(invitation, request);
    Optional<RegisteredAgent> replaced = registry.find(name);
    RegisteredAgent agent =
        RegisteredAgent.enrolled(
            replaced.map(RegisteredAgent::id).orElseGet(() -> AgentId.random(random)),
            name,
            request.request().keyHash(),
            replaced.map(RegisteredAgent::rights).orElse(Rights.NONE).with(invitation.rights()),
            clock.instant());
    registry.add(agent);
    return issue(request.request(), agent);
  }

  /**
   * Gives an agent on the list a certificate for a new key. The one that it has may have expired.
   *
   * <p>May be repeated: until the agent connects with the new key, the old one stays good.
   *
   * @throws RefusedException if the agent may not stay at all
   */
  public synchronized Enrolled renew(PeerIdentity peer, SigningRequest request) throws IOException {
    RegisteredAgent agent =
        switch (registry.admit(peer)) {
          case Admission.Admitted(var known) -> known;
          case Admission.RenewalOnly(var known) -> known;
          case Admission.Refused(var refusal) -> throw new RefusedException(refusal);
        };
    if (request.keyHash().equals(peer.key())) {
      throw new RefusedException(
          Reason.REQUEST_BAD, "a renewal needs a new key", "use the same version on both hosts");
    }
    registry.renewed(agent.id(), peer.key(), request.keyHash());
    return issue(request, agent);
  }

  private Enrolled issue(SigningRequest request, RegisteredAgent agent) {
    Subject subject = new Subject(agent.id(), agent.name(), Role.SOURCE);
    return new Enrolled(
        authority.issue(request.publicKey(), subject), authority.certificate(), agent);
  }

  private void requireAcceptable(Invitation invitation, EnrolmentRequest request)
      throws RefusedException {
    requireNameFree(invitation, request);
    for (VolumeName volume : request.volumes()) {
      if (!invitation.rights().allow(volume, Role.SOURCE)) {
        throw new RefusedException(
            Reason.VOLUME_NOT_ALLOWED,
            "the token doesn't allow the volume %s; it allows %s"
                .formatted(volume, named(invitation)),
            "use one of these names, or print another token with target invite --volume");
      }
    }
  }

  private static String named(Invitation invitation) {
    return invitation.rights().roles().keySet().stream()
        .map(VolumeName::toString)
        .collect(Collectors.joining(", "));
  }

  private void requireNameFree(Invitation invitation, EnrolmentRequest request)
      throws RefusedException {
    AgentName name = nameFor(invitation, request);
    // Only an invitation that names an agent may replace it; a joiner can't choose whom to be.
    if (invitation.agent() == null && registry.find(name).isPresent()) {
      throw AgentRegistry.nameTaken(name);
    }
  }

  private static AgentName nameFor(Invitation invitation, EnrolmentRequest request) {
    AgentName invited = invitation.agent();
    return invited == null ? request.request().name() : invited;
  }
}
