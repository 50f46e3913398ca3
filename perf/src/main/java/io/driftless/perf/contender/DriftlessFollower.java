package io.driftless.perf.contender;

import io.driftless.perf.contender.AgentPair.Volume;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two agents with {@code replicate on}, and perhaps a second volume that they can seed besides. */
public final class DriftlessFollower implements Follower {
  private static final String VOLUME = "bench";
  private static final String BALLAST = "ballast";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 10;

  private final AgentPair agents;
  private final ControlSocket socket;

  private DriftlessFollower(AgentPair agents) {
    this.agents = agents;
    this.socket = new ControlSocket(agents.controlSocket());
  }

  /** Trees that are seeded while the target follows; they follow nothing. */
  public record Ballast(Path source, Path target) {}

  static DriftlessFollower open(Course course) throws IOException, InterruptedException {
    return open(course, Optional.empty());
  }

  /** Seeds the target and lets it follow; returns when it does. */
  public static DriftlessFollower open(Course course, Optional<Ballast> ballast)
      throws IOException, InterruptedException {
    Path work = Files.createDirectories(course.work().resolve("driftless"));
    var volumes = new ArrayList<>(List.of(new Volume(VOLUME, course.source(), course.target())));
    ballast.ifPresent(trees -> volumes.add(new Volume(BALLAST, trees.source(), trees.target())));
    AgentPair agents = AgentPair.open(course.launcher(), work, volumes);
    try {
      agents.command("seed", VOLUME).run();
      agents.command("replicate", VOLUME, "on").run();
      var follower = new DriftlessFollower(agents);
      follower.awaitReplicating();
      return follower;
    } catch (Throwable failure) {
      agents.close();
      throw failure;
    }
  }

  /** Waits until the target has everything and follows. */
  public void awaitReplicating() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Standing now = now();
    while (!now.isReplicating() || !now.isClean()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the target does not follow: " + now);
      }
      Thread.sleep(POLL_MILLIS);
      now = now();
    }
  }

  /** Seeds the second volume. */
  public Command seedBallast() {
    return agents.command("seed", BALLAST, "--json");
  }

  /** Limits what the source sends, for good. */
  public void throttle(String rate) throws IOException, InterruptedException {
    agents.command("throttle", "base", rate).run();
  }

  public void stopSource() {
    agents.stopSource();
  }

  /** Starts the source agent again; returns as soon as it answers. */
  public void startSource() throws IOException, InterruptedException {
    agents.startSource();
  }

  private Standing now() throws IOException {
    return socket.standing(VOLUME);
  }

  @Override
  public Optional<Standing> standing() throws IOException {
    return Optional.of(now());
  }

  @Override
  public List<Service> services() {
    return agents.services();
  }

  @Override
  public void close() {
    agents.close();
  }
}
