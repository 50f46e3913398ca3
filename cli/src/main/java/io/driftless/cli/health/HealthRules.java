package io.driftless.cli.health;

import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is well and what is not.
 *
 * <p>Critical is what keeps the target from being worth anything if the source died now: it is
 * further behind than is allowed, or stands still until somebody does something. A warning is what
 * may become so: half the allowed lag, a pause, problems. The age of a pass has no half: whoever
 * brings a volume over every night allows 26 h, and would be warned every afternoon.
 *
 * @param lagMax of a volume that is followed
 * @param ageMax of the last good pass of one that isn't
 */
public record HealthRules(Duration lagMax, Duration ageMax) {
  private static final Set<String> REPLICA_NEEDS_YOU = Set.of("held", "blocked", "error");

  /**
   * Judges a source.
   *
   * @param lastGood by volume, the last pass that brought everything over that could be
   */
  public Health judge(
      List<VolumeStatus> volumes,
      List<PeerStatus> peers,
      Map<String, PassReport> lastGood,
      Instant now) {
    var findings = new ArrayList<Finding>();
    var measures = new ArrayList<Measure>();
    var away = new HashSet<String>();
    for (PeerStatus peer : peers) {
      if (peer.connection() == Connection.DISCONNECTED) {
        away.add(peer.name());
        String error = Escaped.message(peer.lastError().orElse(""));
        findings.add(
            new Finding(
                Escaped.display(peer.name()),
                Severity.CRITICAL,
                "not connected for %s%s"
                    .formatted(
                        Shown.span(Duration.between(peer.since(), now)),
                        error.isEmpty() ? "" : ": " + error)));
      }
    }
    for (VolumeStatus volume : volumes) {
      boolean isSaid = volume.state() == State.DISCONNECTED && away.contains(volume.target());
      judgeState(volume).filter(_ -> !isSaid).ifPresent(findings::add);
      Optional<ReplicationStatus> replication = volume.replication();
      if (replication.isPresent()) {
        judgeLag(volume.name(), replication.get(), findings, measures);
      } else {
        judgeAge(volume, Optional.ofNullable(lastGood.get(volume.name())), now, findings, measures);
      }
    }
    if (volumes.isEmpty()) {
      findings.add(new Finding("no", Severity.UNKNOWN, "volumes yet"));
    }
    return new Health(findings, measures);
  }

  /** Judges by the states of a source's volumes alone, whatever they lag. */
  public static Health judgeStates(List<VolumeStatus> volumes) {
    return new Health(
        volumes.stream().flatMap(volume -> judgeState(volume).stream()).toList(), List.of());
  }

  private static Optional<Finding> judgeState(VolumeStatus volume) {
    State state = volume.state();
    boolean isPaused = state == State.PAUSED && volume.replication().isPresent();
    Severity severity =
        switch (state) {
          case HELD, BLOCKED, DISCONNECTED, RELEASED, ERROR -> Severity.CRITICAL;
          case NEW, SEEDING -> Severity.WARNING;
          case PAUSED -> isPaused ? Severity.WARNING : Severity.OK;
          case QUEUED, PASSING, REPLICATING, CATCHING_UP -> Severity.OK;
        };
    if (severity == Severity.OK) {
      return Optional.empty();
    }
    String word = state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String reason = Escaped.message(volume.reason());
    String text = reason.isEmpty() || isPaused ? word : word + ": " + reason;
    return Optional.of(new Finding(volume.name(), severity, text));
  }

  private void judgeLag(
      String volume, ReplicationStatus now, List<Finding> findings, List<Measure> measures) {
    Duration concern = lagMax.dividedBy(2);
    if (now.lag().isEmpty()) {
      findings.add(
          new Finding(volume, Severity.WARNING, "lag unknown, nothing has been brought over yet"));
    } else {
      Duration lag = now.lag().get();
      Severity severity =
          lag.compareTo(lagMax) > 0
              ? Severity.CRITICAL
              : lag.compareTo(concern) > 0 ? Severity.WARNING : Severity.OK;
      findings.add(new Finding(volume, severity, "lag " + Shown.span(lag)));
      measures.add(
          new Measure(
              volume + "_lag",
              seconds(lag),
              "s",
              Optional.of(seconds(concern)),
              Optional.of(seconds(lagMax))));
    }
    measures.add(
        new Measure(volume + "_dirty", now.dirtyEntries(), "", Optional.empty(), Optional.empty()));
    addProblems(volume, now.problems(), findings);
  }

  private void judgeAge(
      VolumeStatus volume,
      Optional<PassReport> lastGood,
      Instant now,
      List<Finding> findings,
      List<Measure> measures) {
    if (lastGood.isEmpty()) {
      Severity severity = volume.running().isPresent() ? Severity.WARNING : Severity.CRITICAL;
      findings.add(new Finding(volume.name(), severity, "has had no good pass yet"));
      return;
    }
    PassReport pass = lastGood.get();
    Duration age = Duration.between(pass.startedAt(), now);
    findings.add(
        new Finding(
            volume.name(),
            age.compareTo(ageMax) > 0 ? Severity.CRITICAL : Severity.OK,
            "passed %s ago".formatted(Shown.span(age))));
    measures.add(
        new Measure(
            volume.name() + "_age",
            seconds(age),
            "s",
            Optional.empty(),
            Optional.of(seconds(ageMax))));
    addProblems(volume.name(), pass.problemsTotal(), findings);
  }

  private static void addProblems(String volume, long problems, List<Finding> findings) {
    if (problems > 0) {
      findings.add(
          new Finding(volume, Severity.WARNING, Shown.count(problems, "problem", "problems")));
    }
  }

  /** Whether a pass brought everything over that could be. */
  public static boolean isGood(PassReport pass) {
    return pass.outcome() == Outcome.DONE || pass.outcome() == Outcome.PROBLEMS;
  }

  /** Judges a target. */
  public static Health judgeReplicas(List<ReplicaStatus> volumes) {
    var findings = new ArrayList<Finding>();
    var measures = new ArrayList<Measure>();
    for (ReplicaStatus volume : volumes) {
      boolean needsYou = REPLICA_NEEDS_YOU.contains(volume.state());
      String reason = Escaped.message(volume.reason());
      findings.add(
          new Finding(
              volume.name(),
              needsYou ? Severity.CRITICAL : Severity.OK,
              needsYou && !reason.isEmpty() ? volume.state() + ": " + reason : volume.state()));
      addProblems(volume.name(), volume.problems(), findings);
      if (volume.freeBytes() >= 0) {
        measures.add(
            new Measure(
                volume.name() + "_free",
                volume.freeBytes(),
                "B",
                Optional.empty(),
                Optional.empty()));
      }
    }
    if (volumes.isEmpty()) {
      findings.add(new Finding("no", Severity.UNKNOWN, "volumes yet"));
    }
    return new Health(findings, measures);
  }

  private static double seconds(Duration span) {
    return span.toMillis() / 1e3;
  }
}
