package io.driftless.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.control.ControlServer;
import io.driftless.cli.daemon.Agents;
import io.driftless.cli.daemon.CopyDaemon.CopyRequest;
import io.driftless.cli.daemon.IdleTarget;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.daemon.SourceEnrolment;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.screen.Terminal;
import io.driftless.source.session.SourceControl;
import io.driftless.target.session.Release;
import io.driftless.target.session.TargetControl;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs commands in this process, in a home of the test's, with a clock that pauses move on. */
final class CommandRun implements AutoCloseable {
  static final String VERSION = "1.0.0";

  record Result(int exitCode, String out, String err) {
    JsonObject json() {
      return JsonText.parse(out);
    }
  }

  final Path home;
  final Map<String, String> environment = new HashMap<>();
  final List<CopyRequest> copies = new ArrayList<>();
  final List<SourceEnrolment.Request> joins = new ArrayList<>();
  FakeSource source = new FakeSource("www");
  FakeTarget target = new FakeTarget();
  String stdin = "";
  boolean live;
  boolean screen;

  /** What happens at each pause; throws to end a command that would go on for ever. */
  Host.Pause meanwhile = _ -> {};

  boolean outIsFull;
  boolean interrupted;
  Path systemRoot = Path.of("/nowhere");
  private Instant now = Samples.NOW;
  private @Nullable ControlServer server;

  /** How often the agent was told to take up its configuration. */
  int reloads;

  /** Why it refuses to. */
  @Nullable CommandFailure reloadFailure;

  CommandRun(Path home) {
    this.home = home;
  }

  /** Answers on the control socket as a source. */
  CommandRun serveSource() throws IOException {
    Files.writeString(home.resolve("agent.toml"), "name = \"web1\"\n");
    return answerAsSource();
  }

  /** As {@link #serveSource}, where there is a configuration. */
  CommandRun answerAsSource() throws IOException {
    server = ControlServer.start(home(AgentRole.SOURCE), source, this::reload, VERSION);
    return this;
  }

  /** Answers on the control socket as a target. */
  CommandRun serveTarget() throws IOException {
    Files.writeString(home.resolve("agent.toml"), "name = \"newhoster\"\nlisten = \":7440\"\n");
    server = ControlServer.start(home(AgentRole.TARGET), target, this::reload, VERSION);
    return this;
  }

  private void reload() throws IOException {
    reloads++;
    if (reloadFailure != null) {
      throw reloadFailure;
    }
  }

  Home home(AgentRole role) throws IOException {
    return new Homes(Path.of("/"), Optional.of(home), Optional.empty()).of(role);
  }

  /** Runs a command with {@code --home} before it. */
  Result run(String... arguments) {
    var all = new ArrayList<>(List.of("--home", home.toString()));
    all.addAll(List.of(arguments));
    return runBare(all.toArray(String[]::new));
  }

  Result runBare(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var host =
        new Host(
            this::agents,
            VERSION,
            new Terminal(
                new PrintStream(outIsFull ? new FullDisk() : out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                live,
                screen),
            new ByteArrayInputStream(stdin.getBytes(UTF_8)),
            new Moments(() -> now, ZoneOffset.UTC),
            environment,
            systemRoot,
            this::pause,
            signals());
    int exitCode = new CommandLineProgram(host).run(arguments);
    return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** As {@code /dev/full}. */
  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  private void pause(Duration time) throws InterruptedException {
    now = now.plus(time);
    meanwhile.pause(time);
  }

  /** As a signal does it: what was asked for is never finished. */
  private Signals signals() {
    return new Signals() {
      @Override
      @SuppressWarnings("unchecked")
      public <T> T during(Callable<T> work, Supplier<ExitCode> onSignal) throws Exception {
        return interrupted ? (T) onSignal.get() : work.call();
      }
    };
  }

  private Agents agents() {
    return new Agents(
        (config, home) -> running((SourceControl) source),
        (config, home) -> running((TargetControl) target),
        new IdleTarget() {
          @Override
          public RunningAgent<TargetControl> open(TargetConfig config, Home home) {
            return running((TargetControl) target);
          }

          @Override
          public Map<String, Release> releases(Home home) {
            return target.releases();
          }
        },
        request -> {
          copies.add(request);
          return running((SourceControl) source);
        },
        (home, name) -> Files.createDirectory(home.identity()),
        (request, home) -> {
          joins.add(request);
          return new SourceEnrolment.Joined(
              request.agent(), "newhoster", List.of("203.0.113.7:7440"), Samples.NOW);
        });
  }

  private static <C> RunningAgent<C> running(C control) {
    return new RunningAgent<>() {
      @Override
      public C control() {
        return control;
      }

      @Override
      public void reload() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
    }
  }
}
