package io.driftless.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.cli.control.ControlServer.Reload;
import io.driftless.cli.health.Health;
import io.driftless.cli.health.Severity;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests from what an agent offers. Answers are given by one thread at a time. */
abstract sealed class ControlRoutes implements Answers permits SourceRoutes, TargetRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ControlRoutes.class);

  /** Longer than any client waits before it shows something. */
  static final Duration WAIT_MAX = Duration.ofSeconds(10);

  static final List<String> METRICS = List.of("metrics");
  static final List<String> HEALTH = List.of("healthz");
  private static final List<String> RELOAD = List.of(ControlRequest.VERSION, "reload");

  private final Supplier<Envelope> envelope;
  private final Reload reload;

  ControlRoutes(Supplier<Envelope> envelope, Reload reload) {
    this.envelope = envelope;
    this.reload = reload;
  }

  /** Answers, whatever was asked: failures become answers, too. */
  @Override
  public final ControlAnswer answer(ControlRequest request) {
    try {
      if (request.path().equals(METRICS)) {
        requireGet(request);
        return ControlAnswer.metrics(metrics(envelope().version()));
      }
      if (request.path().equals(HEALTH)) {
        requireGet(request);
        return health(health());
      }
      if (request.path().isEmpty() || !request.path().getFirst().equals(ControlRequest.VERSION)) {
        throw RefusedRequestException.noSuchThing();
      }
      if (isThrottle(request)) {
        return new ThrottleRoutes(throttle()).route(request, bodyOf(request), open());
      }
      return request.path().equals(RELOAD) ? reload(request) : route(request);
    } catch (RefusedRequestException e) {
      return error(e.status(), e.slug(), String.valueOf(e.getMessage()), e.hint());
    } catch (JsonParseException | IllegalArgumentException e) {
      String message = Escaped.message(String.valueOf(e.getMessage()));
      String hint =
          isThrottle(request)
              ? "send a JSON object with " + ThrottleJson.requestFields()
              : howToAsk(request);
      return error(ControlAnswer.BAD_REQUEST, "bad-request", message, hint);
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.method(), request.path(), e);
      return error(ControlAnswer.FAILED, "internal", e.toString(), "look at the agent's log");
    }
  }

  /** A target that lags is none of a restart's business; what stands still is somebody's. */
  private static ControlAnswer health(Health health) {
    boolean isWell = health.severity().compareTo(Severity.CRITICAL) < 0;
    return ControlAnswer.line(
        isWell ? ControlAnswer.OK : ControlAnswer.UNAVAILABLE, isWell ? "ok" : "critical");
  }

  static void requireGet(ControlRequest request) throws RefusedRequestException {
    if (!request.method().equals("GET")) {
      throw RefusedRequestException.wrongMethod(request.method(), "GET");
    }
  }

  private ControlAnswer reload(ControlRequest request) throws RefusedRequestException {
    if (!request.method().equals("POST")) {
      throw RefusedRequestException.wrongMethod(request.method(), "POST");
    }
    try {
      reload.reload();
    } catch (CommandFailure e) {
      throw new RefusedRequestException(ControlAnswer.BAD_REQUEST, e.slug(), e.message(), e.hint());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonObject body = open();
    var volumes = new JsonArray();
    volumeNames().forEach(volumes::add);
    body.add("volumes", volumes);
    return ControlAnswer.ok(body);
  }

  /** The agent's numbers as Prometheus reads them. */
  abstract String metrics(String version);

  /** Whether something stands still until somebody does something. */
  abstract Health health();

  private static boolean isThrottle(ControlRequest request) {
    return request.path().size() > 1 && request.path().get(1).equals(ThrottleJson.NAME);
  }

  abstract Throttle throttle();

  /** What the agent has, by name. */
  abstract List<String> volumeNames();

  abstract ControlAnswer route(ControlRequest request) throws RefusedRequestException;

  /** What a request to this path must be like, for somebody who got it wrong. */
  abstract String howToAsk(ControlRequest request);

  final Envelope envelope() {
    return envelope.get();
  }

  final JsonObject open() {
    return envelope.get().open();
  }

  static JsonObject bodyOf(ControlRequest request) {
    return request.body().isBlank() ? new JsonObject() : JsonText.parse(request.body());
  }

  final ControlAnswer error(int status, String slug, String message, String hint) {
    JsonObject body = open();
    var error = new JsonObject();
    error.addProperty("slug", slug);
    error.addProperty("message", message);
    error.addProperty("hint", hint);
    body.add("error", error);
    return new ControlAnswer(status, body);
  }
}
