package io.driftless.perf.contender;

import io.driftless.perf.link.Route;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A source agent and a target agent with the same volumes, running until they are closed. */
final class AgentPair implements AutoCloseable {
  private final Agent source;
  private final Agent target;
  private final Service targetDaemon;
  private Service sourceDaemon;

  private AgentPair(Agent source, Service sourceDaemon, Agent target, Service targetDaemon) {
    this.source = source;
    this.target = target;
    this.sourceDaemon = sourceDaemon;
    this.targetDaemon = targetDaemon;
  }

  /** A tree and where it goes. */
  record Volume(String name, Path source, Path target) {}

  /** The commands of one home. */
  private record Agent(String role, Launcher launcher, Path home) {
    Command command(String... words) {
      return new Command(launcher.words(at(words)));
    }

    private List<String> at(String... words) {
      var all = new ArrayList<>(List.of("--home", home.toString()));
      all.addAll(List.of(words));
      return all;
    }

    Command command(List<String> words) {
      return command(words.toArray(String[]::new));
    }

    Path socket() {
      return home.resolve("control.sock");
    }

    void end(Service daemon) {
      launcher.end(role, daemon);
    }

    Service run() throws IOException, InterruptedException {
      Files.deleteIfExists(socket());
      Path log = home.resolveSibling(role + ".log");
      Service daemon = Service.start(role + " agent", log, launcher.agentWords(at(role, "run")));
      try {
        return daemon.awaitFile(socket());
      } catch (Throwable failure) {
        daemon.close();
        throw failure;
      }
    }
  }

  /**
   * What lies between the two.
   *
   * @param route the way to the port that the target listens on
   */
  record Wiring(int lanes, Route route) {
    static final int LANES = 2;
    static final Wiring PLAIN = new Wiring(LANES, Route.DIRECT);
  }

  /** Starts both; {@code work} gets their homes and logs. */
  static AgentPair open(Launcher launcher, Path work, List<Volume> volumes)
      throws IOException, InterruptedException {
    return open(launcher, work, volumes, Wiring.PLAIN);
  }

  static AgentPair open(Launcher launcher, Path work, List<Volume> volumes, Wiring wiring)
      throws IOException, InterruptedException {
    var target = new Agent("target", launcher, work.resolve("target"));
    var source = new Agent("source", launcher, work.resolve("source"));
    int port = Service.freePort();
    String listen = "127.0.0.1:" + port;
    var init = new ArrayList<>(List.of("target", "init", "--listen", listen));
    String dialled = "127.0.0.1:" + wiring.route().to(port);
    var invite = new ArrayList<>(List.of("target", "invite", "--address", dialled));
    for (Volume volume : volumes) {
      init.addAll(List.of("--volume", volume.name() + "=" + volume.target()));
      invite.addAll(List.of("--volume", volume.name()));
    }
    target.command(init).run();
    Service targetDaemon = target.run();
    try {
      targetDaemon.awaitPort(port);
      var join = new ArrayList<>(List.of("source", "join", target.command(invite).run().strip()));
      for (Volume volume : volumes) {
        join.addAll(List.of("--volume", volume.name() + "=" + volume.source()));
      }
      source.command(join).run();
      setLanes(source.home().resolve("agent.toml"), wiring.lanes());
      return new AgentPair(source, source.run(), target, targetDaemon);
    } catch (Throwable failure) {
      targetDaemon.close();
      throw failure;
    }
  }

  private static void setLanes(Path config, int lanes) throws IOException {
    Files.writeString(config, "lanes = %d%n%s".formatted(lanes, Files.readString(config)));
  }

  /** What an operator says to the source. */
  Command command(String... words) {
    return source.command(words);
  }

  /** Where the source agent answers. */
  Path controlSocket() {
    return source.socket();
  }

  List<Service> services() {
    return List.of(sourceDaemon, targetDaemon);
  }

  void stopSource() {
    source.end(sourceDaemon);
  }

  /** Starts it again; returns as soon as it answers. */
  void startSource() throws IOException, InterruptedException {
    sourceDaemon = source.run();
  }

  @Override
  public void close() {
    source.end(sourceDaemon);
    target.end(targetDaemon);
  }
}
