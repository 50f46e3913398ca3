package io.driftless.cli.control;

import com.google.gson.JsonObject;
import io.driftless.cli.json.BarrierJson;
import io.driftless.cli.json.Envelope;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.SourceControl.UnknownVolumeException;
import java.util.List;

/** What can be asked of barriers: {@code /v1/barriers} and what is below it. */
final class BarrierRoutes {
  static final String NAME = "barriers";

  private final SourceControl source;

  BarrierRoutes(SourceControl source) {
    this.source = source;
  }

  ControlAnswer route(ControlRequest request, Envelope envelope)
      throws RefusedRequestException, UnknownVolumeException {
    List<String> path = request.path();
    if (path.size() == 2) {
      if (!request.method().equals("POST")) {
        throw RefusedRequestException.wrongMethod(request.method(), "POST to begin one");
      }
      JsonObject body = ControlRoutes.bodyOf(request);
      BarrierJson.Request asked = BarrierJson.request(body);
      long number = source.barrier(asked.volumes(), asked.timeout());
      return new ControlAnswer(ControlAnswer.ACCEPTED, BarrierJson.of(find(number), envelope));
    }
    if (path.size() > 3) {
      throw RefusedRequestException.noSuchThing();
    }
    long number = SourceRoutes.number(path.get(2), "the number of a barrier");
    return switch (request.method()) {
      case "GET" -> ControlAnswer.ok(BarrierJson.of(find(number), envelope));
      case "DELETE" -> {
        JsonObject body = envelope.open();
        body.addProperty("barrier", number);
        body.addProperty("givenUp", source.giveUpBarrier(number));
        yield ControlAnswer.ok(body);
      }
      default ->
          throw RefusedRequestException.wrongMethod(
              request.method(), "GET to look at it, DELETE to give it up");
    };
  }

  private BarrierStatus find(long number) throws RefusedRequestException {
    return source
        .barrier(number)
        .orElseThrow(() ->
            new RefusedRequestException(
                ControlAnswer.NOT_FOUND,
                "no-such-barrier",
                "there is no barrier %d that is still known".formatted(number),
                "POST /v1/barriers begins one"));
  }
}
