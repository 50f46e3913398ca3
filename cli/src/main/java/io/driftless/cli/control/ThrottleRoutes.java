package io.driftless.cli.control;

import com.google.gson.JsonObject;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.protocol.pace.Throttle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What can be asked of a throttle, and what it can be told for now. */
final class ThrottleRoutes {
  private final Throttle throttle;

  ThrottleRoutes(Throttle throttle) {
    this.throttle = throttle;
  }

  /**
   * Answers a request for {@code /v1/throttle}.
   *
   * @param body that was sent, if any
   * @param into what the answer is added to
   */
  ControlAnswer route(ControlRequest request, JsonObject body, JsonObject into)
      throws RefusedRequestException {
    if (request.path().size() != 2) {
      throw RefusedRequestException.noSuchThing();
    }
    try {
      switch (request.method()) {
        case "GET" -> {}
        case "PUT" ->
            throttle.set(Optional.of(ThrottleJson.readRequest(body, throttle.clock().instant())));
        case "DELETE" -> throttle.set(Optional.empty());
        default ->
            throw RefusedRequestException.wrongMethod(
                request.method(), "GET to look at it, PUT to set a limit, DELETE to clear it");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    into.add(ThrottleJson.NAME, ThrottleJson.of(throttle.status()));
    return ControlAnswer.ok(into);
  }
}
