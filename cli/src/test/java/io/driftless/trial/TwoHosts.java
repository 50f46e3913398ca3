package io.driftless.trial;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts on one machine: a home for each agent, daemons in processes of their own, and one
 * volume between them.
 */
final class TwoHosts implements AutoCloseable {
  static final String VOLUME = "www";

  private final Program program;
  private final Path sourceHome;
  private final Path targetHome;
  private final int port;
  private Program.@Nullable Running sourceAgent;
  private Program.@Nullable Running targetAgent;

  private TwoHosts(Program program, Path scratch, int port) {
    this.program = program;
    this.sourceHome = scratch.resolve("sh");
    this.targetHome = scratch.resolve("th");
    this.port = port;
  }

  /** Sets both up as the README says, without a process for each command, and starts them. */
  static TwoHosts start(Program program, Path scratch, Path source, Path target)
      throws IOException {
    int port = freePort();
    return start(program, scratch, source, target, new Way(port, port));
  }

  /** As {@link #start(Program, Path, Path, Path)}, with every command as a user runs it. */
  static TwoHosts walkThrough(Program program, Path scratch, Path source, Path target)
      throws IOException {
    int port = freePort();
    var hosts = new TwoHosts(program, scratch, port);
    hosts.setUp(program::run, source, target, port);
    return hosts;
  }

  /**
   * How the source gets to the target.
   *
   * @param port where the target listens
   * @param dialledPort of this host, which leads there
   */
  record Way(int port, int dialledPort) {}

  /** As {@link #start(Program, Path, Path, Path)}, with something between the two. */
  static TwoHosts start(Program program, Path scratch, Path source, Path target, Way way)
      throws IOException {
    var hosts = new TwoHosts(program, scratch, way.port());
    hosts.setUp(program::prepare, source, target, way.dialledPort());
    return hosts;
  }

  private void setUp(
      Function<String[], Program.Run> commands, Path source, Path target, int dialledPort) {
    commands
        .apply(
            at(
                targetHome,
                "target",
                "init",
                "--listen",
                "127.0.0.1:" + port,
                "--name",
                "new",
                "--volume",
                VOLUME + "=" + target))
        .expect(0);
    startTarget();
    String address = "127.0.0.1:" + dialledPort;
    String token =
        commands
            .apply(at(targetHome, "target", "invite", "--volume", VOLUME, "--address", address))
            .expect(0)
            .out()
            .strip();
    commands
        .apply(
            at(
                sourceHome,
                "source",
                "join",
                token,
                "--name",
                "old",
                "--volume",
                VOLUME + "=" + source))
        .expect(0);
    startSource();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  Path sourceHome() {
    return sourceHome;
  }

  Path targetHome() {
    return targetHome;
  }

  Program.Run onSource(String... arguments) {
    return program.run(at(sourceHome, arguments));
  }

  Program.Run onTarget(String... arguments) {
    return program.run(at(targetHome, arguments));
  }

  Program.Running startOnSource(String... arguments) {
    return program.start(at(sourceHome, arguments));
  }

  static String[] at(Path home, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--home";
    all[1] = home.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return all;
  }

  void startTarget() {
    startTargetUnder(List.of());
  }

  /** As {@link #startTarget}, by way of another program. */
  void startTargetUnder(List<String> supervisor) {
    Program.Running started = program.startUnder(supervisor, at(targetHome, "target", "run"));
    targetAgent = started;
    awaitAnswer(AgentControl.ofTarget(targetHome), started);
  }

  void startSource() {
    startSourceUnder(List.of());
  }

  /** As {@link #startSource}, by way of another program. */
  void startSourceUnder(List<String> supervisor) {
    Program.Running started = program.startUnder(supervisor, at(sourceHome, "source", "run"));
    sourceAgent = started;
    awaitAnswer(AgentControl.ofSource(sourceHome), started);
  }

  private static void awaitAnswer(AgentControl control, Program.Running agent) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .failFast("the agent has ended", () -> !agent.isAlive())
        .until(control::answers);
  }

  Program.Running sourceAgent() {
    return requireNonNull(sourceAgent, "not started");
  }

  Program.Running targetAgent() {
    return requireNonNull(targetAgent, "not started");
  }

  @Override
  public void close() {
    for (Program.Running agent : new Program.@Nullable Running[] {sourceAgent, targetAgent}) {
      if (agent != null && agent.isAlive()) {
        agent.terminate();
      }
    }
  }
}
