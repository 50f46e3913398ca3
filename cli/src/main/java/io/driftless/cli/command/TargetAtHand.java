package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.control.LocalTarget;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.HomeLock;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.target.session.TargetControl;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target of this host, whether its agent runs or not: where none runs, this process does what
 * the agent would, and keeps agents from starting meanwhile. Confined to one thread.
 */
final class TargetAtHand implements AutoCloseable {
  /** What is asked for may wait for a disk that has much to write. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Root root;
  private final Home home;
  private @Nullable Local local;

  private record Local(HomeLock lock, RunningAgent<TargetControl> agent, LocalTarget target)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (lock) {
        agent.close();
      }
    }
  }

  TargetAtHand(Root root) throws CommandFailure {
    this.root = root;
    this.home = root.homes().of(AgentRole.TARGET);
  }

  JsonObject get(String... path) throws IOException {
    return ask("GET", new JsonObject(), path);
  }

  JsonObject post(JsonObject body, String... path) throws IOException {
    return ask("POST", body, path);
  }

  private JsonObject ask(String method, JsonObject body, String... parts) throws IOException {
    var path = new ArrayList<>(List.of("v1"));
    path.addAll(List.of(parts));
    if (local == null) {
      try {
        return askAgent(method, path, body);
      } catch (CommandFailure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE) {
          throw e;
        }
        local = open(e);
      }
    }
    return local.target().ask(method, path, body);
  }

  private JsonObject askAgent(String method, List<String> path, JsonObject body)
      throws CommandFailure {
    var client = new ControlClient(home, PATIENCE);
    var text = new StringBuilder();
    path.forEach(part -> text.append('/').append(ControlClient.part(part)));
    return method.equals("GET") ? client.get(text.toString()) : client.post(text.toString(), body);
  }

  private Local open(CommandFailure unreachable) throws IOException {
    var config = Configuration.read(home).target();
    HomeLock lock;
    try {
      lock = HomeLock.acquire(home);
    } catch (CommandFailure e) {
      unreachable.addSuppressed(e); // there is an agent, and it does not answer
      throw unreachable;
    }
    try {
      RunningAgent<TargetControl> agent =
          root.host().agents().get().idleTarget().open(config, home);
      return new Local(lock, agent, new LocalTarget(agent.control(), root.host().version()));
    } catch (Throwable failure) {
      try {
        lock.close();
      } catch (IOException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    if (local != null) {
      local.close();
    }
  }
}
