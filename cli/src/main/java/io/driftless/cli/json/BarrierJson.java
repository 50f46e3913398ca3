package io.driftless.cli.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.BarrierStatus.Part;
import io.driftless.source.session.BarrierStatus.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Barriers, and requests for them. */
public final class BarrierJson {
  private static final double NANOS = 1e9;
  private static final Set<String> FIELDS = Set.of("volumes", "timeoutSeconds");
  private static final Duration TIMEOUT_MAX = Duration.ofDays(7);

  private BarrierJson() {}

  /** What is asked for. */
  public record Request(List<String> volumes, Duration timeout) {}

  /** The fields that a request has. */
  public static String fields() {
    return String.join(", ", FIELDS.stream().sorted().toList());
  }

  public static JsonObject of(Request request) {
    var object = new JsonObject();
    object.add("volumes", Words.texts(request.volumes()));
    object.addProperty("timeoutSeconds", request.timeout().toMillis() / 1e3);
    return object;
  }

  /**
   * Reads a request.
   *
   * @throws JsonParseException if it isn't one
   */
  public static Request request(JsonObject object) {
    RequestJson.requireKnown(object, FIELDS);
    var fields = new Fields(object);
    double seconds = fields.fraction("timeoutSeconds");
    if (!(seconds > 0 && seconds <= TIMEOUT_MAX.toSeconds())) {
      throw new JsonParseException(
          "timeoutSeconds must be above 0 and at most " + TIMEOUT_MAX.toSeconds());
    }
    List<String> volumes = fields.texts("volumes").stream().distinct().toList();
    if (volumes.isEmpty()) {
      throw new JsonParseException("volumes must name one at least");
    }
    return new Request(volumes, Duration.ofNanos(Math.round(seconds * NANOS)));
  }

  public static JsonObject of(BarrierStatus barrier, Envelope envelope) {
    JsonObject object = envelope.open();
    object.addProperty("barrier", barrier.number());
    object.addProperty("state", Words.of(barrier.state()));
    object.addProperty("asOf", barrier.moment().toString());
    object.addProperty("seconds", barrier.took().toMillis() / 1e3);
    var volumes = new JsonArray();
    barrier.parts().forEach(part -> volumes.add(part(part)));
    object.add("volumes", volumes);
    return object;
  }

  private static JsonObject part(Part part) {
    var object = new JsonObject();
    object.addProperty("name", part.volume());
    object.addProperty("verdict", Words.of(part.verdict()));
    object.addProperty("missing", part.missing());
    object.addProperty("next", part.next());
    object.addProperty("pass", part.pass());
    object.add("problems", PassJson.problems(part.problems()));
    return object;
  }

  public static BarrierStatus read(JsonObject object) {
    var fields = new Fields(object);
    return new BarrierStatus(
        fields.number("barrier"),
        fields.instant("asOf"),
        Duration.ofMillis(Math.round(fields.fraction("seconds") * 1e3)),
        fields.list("volumes").stream().map(BarrierJson::readPart).toList());
  }

  private static Part readPart(Fields fields) {
    return new Part(
        fields.text("name"),
        fields.word("verdict", Verdict.class),
        fields.text("missing"),
        fields.text("next"),
        fields.number("pass"),
        PassJson.problems(fields));
  }
}
