package io.driftless.cli.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassReport.Failure;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;

/** Asks the agent that lives in a home. One connection for each request; not thread-safe. */
public final class ControlClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Home home;
  private final Duration patience;

  public ControlClient(Home home) {
    this(home, PATIENCE);
  }

  /** One that waits longer for an answer. */
  public ControlClient(Home home, Duration patience) {
    this.home = home;
    this.patience = patience;
  }

  /** A part of a path, encoded. */
  public static String part(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  public JsonObject get(String path) throws CommandFailure {
    return ask("GET", path, "");
  }

  public JsonObject post(String path, JsonObject body) throws CommandFailure {
    return ask("POST", path, JsonText.of(body));
  }

  public JsonObject put(String path, JsonObject body) throws CommandFailure {
    return ask("PUT", path, JsonText.of(body));
  }

  public JsonObject delete(String path) throws CommandFailure {
    return ask("DELETE", path, "");
  }

  private JsonObject ask(String method, String path, String body) throws CommandFailure {
    home.checkSocketPath();
    HttpExchange.Response response = exchange(method, path, body);
    JsonObject object;
    try {
      object = JsonText.parse(response.body());
    } catch (JsonParseException e) {
      throw unreachable("gives no sensible answer: " + Escaped.display(e.toString()), e);
    }
    if (response.status() >= ControlAnswer.BAD_REQUEST) {
      throw refused(response.status(), object);
    }
    return object;
  }

  private HttpExchange.Response exchange(String method, String path, String body)
      throws CommandFailure {
    try {
      return new HttpExchange(home.socket(), patience).send(method, path, body);
    } catch (IOException e) {
      throw unreachable("does not answer: " + Escaped.display(reason(e)), e);
    }
  }

  private static String reason(IOException failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private CommandFailure unreachable(String what, Exception cause) {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        "agent-unreachable",
        "the %s agent on %s %s"
            .formatted(home.role().word(), Escaped.display(home.socket().toString()), what),
        "is it running? %s %s run starts it".formatted(home.command(), home.role().word()),
        cause);
  }

  static CommandFailure refused(int status, JsonObject object) {
    Failure failure =
        PassJson.readError(new Fields(object))
            .orElseGet(() -> new Failure("internal", "the agent answered " + status, ""));
    return new CommandFailure(
        status == ControlAnswer.FAILED ? ExitCode.FAILED : ExitCode.USAGE,
        failure.slug(),
        failure.message(),
        failure.hint());
  }
}
