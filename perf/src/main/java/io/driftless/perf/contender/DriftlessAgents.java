package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A source agent and a target agent that keep running, as they do in use. */
final class DriftlessAgents implements Contender {
  private static final String VOLUME = "bench";

  private final Agent source;
  private final Service sourceDaemon;
  private final Service targetDaemon;

  private DriftlessAgents(Agent source, Service sourceDaemon, Service targetDaemon) {
    this.source = source;
    this.sourceDaemon = sourceDaemon;
    this.targetDaemon = targetDaemon;
  }

  /** The commands of one home. */
  private record Agent(Path launcher, Path home) {
    Command command(String... words) {
      var all = new ArrayList<>(List.of(launcher.toString(), "--home", home.toString()));
      all.addAll(List.of(words));
      return new Command(all);
    }

    Service run(String role) throws IOException, InterruptedException {
      Path log = home.resolveSibling(role + ".log");
      Service daemon = Service.start(role + " agent", log, command(role, "run").words());
      return daemon.awaitFile(home.resolve("control.sock"));
    }
  }

  static DriftlessAgents open(Course course) throws IOException, InterruptedException {
    Path work = Files.createDirectories(course.work().resolve("driftless"));
    var target = new Agent(course.launcher(), work.resolve("target"));
    var source = new Agent(course.launcher(), work.resolve("source"));
    int port = Service.freePort();
    String listen = "127.0.0.1:" + port;
    target
        .command("target", "init", "--listen", listen, "--volume", VOLUME + "=" + course.target())
        .run();
    Service targetDaemon = target.run("target");
    try {
      targetDaemon.awaitPort(port);
      String token =
          target.command("target", "invite", "--volume", VOLUME, "--address", listen).run().strip();
      source.command("source", "join", token, "--volume", VOLUME + "=" + course.source()).run();
      Service sourceDaemon = source.run("source");
      return new DriftlessAgents(source, sourceDaemon, targetDaemon);
    } catch (Throwable failure) {
      targetDaemon.close();
      throw failure;
    }
  }

  @Override
  public Command command() {
    return source.command("seed", VOLUME, "--json");
  }

  @Override
  public List<Service> services() {
    return List.of(sourceDaemon, targetDaemon);
  }

  @Override
  public OptionalLong wireBytes(String output) {
    return PassOutput.wireBytes(output);
  }

  @Override
  public void close() {
    sourceDaemon.close();
    targetDaemon.close();
  }
}
