package io.driftless.perf.contender;

import io.driftless.perf.contender.AgentPair.Volume;
import io.driftless.perf.contender.AgentPair.Wiring;
import io.driftless.perf.link.CountingRelay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two agents whose traffic is counted on its way, and whose limit is turned. */
public final class ThrottledPair implements AutoCloseable {
  private static final String VOLUME = "bench";

  private final AgentPair agents;
  private final CountingRelay relay;

  private ThrottledPair(AgentPair agents, CountingRelay relay) {
    this.agents = agents;
    this.relay = relay;
  }

  public static ThrottledPair open(Course course, int lanes)
      throws IOException, InterruptedException {
    Path work = Files.createDirectories(course.work().resolve("lanes" + lanes));
    var relay = new CountingRelay();
    try {
      AgentPair agents =
          AgentPair.open(
              course.launcher(),
              work,
              List.of(new Volume(VOLUME, course.source(), course.target())),
              new Wiring(lanes, relay));
      return new ThrottledPair(agents, relay);
    } catch (Throwable failure) {
      relay.close();
      throw failure;
    }
  }

  /** Ciphertext between the two so far, both ways. */
  public long bytes() {
    return relay.bytes();
  }

  public void limitTo(String rate) throws IOException, InterruptedException {
    agents.command("throttle", "base", rate).run();
  }

  /** Seeds to the end. */
  public void seed() throws IOException, InterruptedException {
    agents.command("seed", VOLUME).run();
  }

  public void beginSeed() throws IOException, InterruptedException {
    agents.command("seed", VOLUME, "--detach").run();
  }

  /** Ends the seed; returns when nothing more is written. */
  public void cancel() throws IOException, InterruptedException {
    agents.command("cancel", VOLUME).run();
    Thread.sleep(1000);
  }

  @Override
  public void close() {
    agents.close();
    relay.close();
  }
}
