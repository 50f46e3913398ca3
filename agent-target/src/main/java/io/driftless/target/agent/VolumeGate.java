package io.driftless.target.agent;

import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Role;
import io.driftless.protocol.message.VolumeMessage.VolumeKind;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.target.session.Release;
import io.driftless.target.state.VolumeLedger;
import io.driftless.target.state.VolumeLedger.VolumeFacts;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides which source may write to a volume. Called by whoever holds the volume. */
final class VolumeGate {
  static final String HELD_BY = "held-by";

  private final ReplicaSettings settings;
  private final VolumeLedger ledger;
  private final Predicate<String> listedAgents;

  VolumeGate(ReplicaSettings settings, VolumeLedger ledger, Predicate<String> listedAgents) {
    this.settings = settings;
    this.ledger = ledger;
    this.listedAgents = listedAgents;
  }

  /** Admits a source that may write from now on. */
  VolumeFacts admit(String agentId, OpenVolume message) throws Refusal, IOException {
    VolumeFacts facts = require(agentId, message);
    if (message.generation() == facts.generation() && facts.oldestAdmitted() < facts.generation()) {
      ledger.requireCurrent(settings.name());
    }
    if (facts.agent().filter(listedAgents).isEmpty()) {
      ledger.bind(settings.name(), agentId);
    }
    return facts;
  }

  /**
   * Admits a source that only looks at what it has brought itself. It must be one that might write,
   * and nothing is written down of it.
   */
  VolumeFacts admitReader(String agentId, OpenVolume message) throws Refusal, IOException {
    VolumeFacts facts = require(agentId, message);
    if (facts.agent().filter(listedAgents).isEmpty()) {
      throw new Refusal(
          "not-brought",
          "volume %s has not been brought by any agent yet".formatted(settings.name()),
          "run a pass first: driftless seed " + settings.name());
    }
    return facts;
  }

  private VolumeFacts require(String agentId, OpenVolume message) throws Refusal, IOException {
    if (message.role() != Role.SOURCE || message.kind() != VolumeKind.TREE) {
      throw new Refusal(
          "role-refused",
          "volume %s is the target of a directory tree here".formatted(settings.name()),
          "use the same version of driftless on both hosts");
    }
    VolumeFacts facts = ledger.factsOf(settings.name());
    Optional<String> holder = facts.agent().filter(listedAgents);
    if (holder.isPresent() && !holder.get().equals(agentId)) {
      throw new Refusal(
          HELD_BY,
          "volume %s is brought by another agent".formatted(settings.name()),
          "revoke that agent on the target first: driftless target agents");
    }
    requireWritable(facts, message);
    RootCheck.check(settings);
    return facts;
  }

  private void requireWritable(VolumeFacts facts, OpenVolume message) throws Refusal {
    if (facts.release().isPresent()) {
      throw released(settings.name(), facts.release().get());
    }
    if (facts.state() != VolumeState.REPLICA) {
      throw new Refusal(
          "live",
          "volume %s is live on the target, no source may write to it".formatted(settings.name()),
          "look at the target before anything else: driftless status");
    }
    long known = message.generation();
    boolean mayKnowAny = known == 0 || facts.oldestAdmitted() == 0;
    if (!mayKnowAny && (known > facts.generation() || known < facts.oldestAdmitted())) {
      throw new Refusal(
          "generation",
          "volume %s has generation %d here and %d at the source: somebody else has written to it meanwhile"
              .formatted(settings.name(), facts.generation(), known),
          "look at the target before anything else; if this source is to go on, run on the target: driftless target reclaim "
              + settings.name());
    }
  }

  /** What a source is told that may not write any more. */
  static Refusal released(String volume, Release release) {
    return new Refusal(
        "released",
        "volume %s was released on the target at %s%s; no source may write to it"
            .formatted(
                volume,
                release.since().truncatedTo(ChronoUnit.SECONDS),
                release.reason().isEmpty() ? "" : " (" + release.reason() + ")"),
        "if this source is to go on, run on the target: driftless target reclaim " + volume);
  }
}
