package io.driftless.cli.metrics;

import io.driftless.target.session.TargetControl;
import io.driftless.target.session.TargetControl.AgentStatus;
import io.driftless.target.session.TargetControl.ReplicaStatus;

/** The numbers of a target. */
public final class TargetMetrics {
  private static final String VOLUME = "volume";

  private TargetMetrics() {}

  public static String text(TargetControl target, String version) {
    var exposition = new Exposition();
    exposition.build(version, "target");
    target.volumes().forEach(volume -> add(exposition, volume));
    target.agents().forEach(agent -> add(exposition, agent));
    exposition.throttle(target.throttle());
    return exposition.text();
  }

  private static void add(Exposition exposition, ReplicaStatus volume) {
    String name = volume.name();
    exposition.gauge(
        "driftless.volume.state",
        "1 for the state that the volume is in.",
        1,
        VOLUME,
        name,
        "state",
        volume.state());
    exposition.gauge(
        "driftless.problems",
        "Entries that could not be carried.",
        volume.problems(),
        VOLUME,
        name);
    if (volume.freeBytes() >= 0) {
      exposition.bytes(
          "driftless.target.free",
          "Room on the file system of the volume.",
          volume.freeBytes(),
          VOLUME,
          name);
    }
    volume
        .durableAt()
        .ifPresent(at ->
            exposition.moment(
                "driftless.last.pass.timestamp",
                "When something was last made durable.",
                at,
                VOLUME,
                name));
  }

  private static void add(Exposition exposition, AgentStatus agent) {
    exposition.gauge(
        "driftless.connected",
        "1 while there is a session.",
        agent.connected() ? 1 : 0,
        "peer",
        agent.name());
    agent
        .certificateExpiresAt()
        .ifPresent(at ->
            exposition.moment(
                "driftless.certificate.expiry.timestamp",
                "When the certificate expires.",
                at,
                "peer",
                agent.name()));
  }
}
