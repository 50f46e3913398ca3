package io.driftless.perf.contender;

import io.driftless.perf.contender.AgentPair.Volume;
import io.driftless.perf.contender.AgentPair.Wiring;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** A source agent and a target agent that keep running, as they do in use. */
public final class DriftlessAgents implements Contender {
  private static final String VOLUME = "bench";

  private final AgentPair agents;

  private DriftlessAgents(AgentPair agents) {
    this.agents = agents;
  }

  /** Starts both; nothing has been brought yet. */
  public static DriftlessAgents open(Course course) throws IOException, InterruptedException {
    return open(course, Wiring.LANES);
  }

  static DriftlessAgents open(Course course, int lanes) throws IOException, InterruptedException {
    var volume = new Volume(VOLUME, course.source(), course.target());
    return new DriftlessAgents(
        AgentPair.open(
            course.launcher(),
            Files.createDirectories(course.work().resolve("driftless")),
            List.of(volume),
            new Wiring(lanes, course.route())));
  }

  @Override
  public Command command() {
    return agents.command("seed", VOLUME, "--json");
  }

  /** What has the target follow; returns before it does. */
  public Command follow() {
    return agents.command("replicate", VOLUME, "on");
  }

  /** What waits for the proof that everything has arrived. */
  public Command barrier(Duration patience) {
    return agents.command("barrier", VOLUME, "--timeout", patience.toSeconds() + "s");
  }

  @Override
  public List<Service> services() {
    return agents.services();
  }

  @Override
  public OptionalLong wireBytes(String output) {
    return PassOutput.wireBytes(output);
  }

  @Override
  public void close() {
    agents.close();
  }
}
