package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.config.ConfigWriter;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;

/**
 * A change of the configuration that a running agent takes up at once. One change at a time,
 * whoever makes them.
 */
final class LiveChange {
  /** Whether an agent has taken it up. */
  enum Effect {
    TAKEN_UP,
    /** No agent answers; it will read the configuration when it starts. */
    AT_NEXT_START,
    /** The agent goes on as it was, and will read the configuration when it is started again. */
    REFUSED;

    /** What to do now, before a command that needs the agent to know. */
    String next(Home home, String command) {
      return switch (this) {
        case TAKEN_UP -> "next: " + command;
        case AT_NEXT_START ->
            "next: %s %s run, then %s".formatted(home.command(), home.role().word(), command);
        case REFUSED -> "next: restart the agent, then " + command;
      };
    }
  }

  /** Writes to the command line's own file. */
  @FunctionalInterface
  interface Edit {
    void make(ConfigWriter writer) throws IOException;
  }

  private LiveChange() {}

  /** Changes the configuration; if it is wrong then, or the agent refuses it, it is put back. */
  static Effect make(Home home, Edit edit) throws IOException {
    try (FileChannel channel = openLock(home);
        FileLock _ = channel.lock()) {
      var writer = new ConfigWriter(home);
      String before = writer.local();
      try {
        edit.make(writer);
        requireRight(home);
        return reload(home);
      } catch (IOException | RuntimeException e) {
        writer.restore(before);
        throw e;
      }
    }
  }

  /** Changes the configuration in any case, because what it says has happened. */
  static Effect record(Home home, Edit edit) throws IOException {
    try (FileChannel channel = openLock(home);
        FileLock _ = channel.lock()) {
      edit.make(new ConfigWriter(home));
      return reload(home);
    } catch (CommandFailure e) {
      return Effect.REFUSED;
    }
  }

  /** The answer of a command that changed a volume. */
  static JsonObject answer(Envelope envelope, String volume, Effect effect) {
    JsonObject object = envelope.open();
    object.addProperty("volume", volume);
    object.addProperty("live", effect == Effect.TAKEN_UP);
    return object;
  }

  private static FileChannel openLock(Home home) throws IOException {
    return FileChannel.open(
        home.state().resolve("config.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void requireRight(Home home) throws IOException {
    Configuration configuration = Configuration.read(home);
    if (home.role() == AgentRole.SOURCE) {
      configuration.source();
    } else {
      configuration.target();
    }
  }

  private static Effect reload(Home home) throws CommandFailure {
    try {
      new ControlClient(home).post("/v1/reload", new JsonObject());
      return Effect.TAKEN_UP;
    } catch (CommandFailure e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        return Effect.AT_NEXT_START;
      }
      throw e;
    }
  }
}
