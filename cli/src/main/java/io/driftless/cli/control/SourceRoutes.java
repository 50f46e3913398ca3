package io.driftless.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlServer.Reload;
import io.driftless.cli.health.Health;
import io.driftless.cli.health.HealthRules;
import io.driftless.cli.json.BarrierJson;
import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.ExplanationJson;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.metrics.SourceMetrics;
import io.driftless.protocol.pace.Throttle;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.SourceControl.UnknownVolumeException;
import io.driftless.source.session.VolumeStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be asked of a source. */
final class SourceRoutes extends ControlRoutes {
  static final int PROBLEMS_PER_PAGE = 1000;
  private static final int HISTORY_MAX = 100;
  private static final int HISTORY_SEARCHED = 1000;

  private final SourceControl source;
  private final BarrierRoutes barriers;
  private final InstantSource clock;

  SourceRoutes(SourceControl source, Reload reload, String version, InstantSource clock) {
    super(() -> new Envelope(source.agentName(), version), reload);
    this.source = source;
    this.barriers = new BarrierRoutes(source);
    this.clock = clock;
  }

  @Override
  String metrics(String version) {
    return SourceMetrics.text(source, version);
  }

  @Override
  Health health() {
    return HealthRules.judgeStates(source.volumes());
  }

  @Override
  Throttle throttle() {
    return source.throttle();
  }

  @Override
  List<String> volumeNames() {
    return source.volumes().stream().map(VolumeStatus::name).toList();
  }

  @Override
  ControlAnswer route(ControlRequest request) throws RefusedRequestException {
    List<String> path = request.path();
    if (path.size() == 2 && path.get(1).equals("status")) {
      requireGet(request);
      return ControlAnswer.ok(StatusJson.of(source, envelope()));
    }
    try {
      if (path.size() >= 2 && path.get(1).equals(BarrierRoutes.NAME)) {
        return barriers.route(request, envelope());
      }
      if (path.size() >= 4 && path.get(1).equals("volumes")) {
        return volume(request, path.get(2), path.get(3));
      }
    } catch (UnknownVolumeException e) {
      throw unknownVolume(e);
    }
    throw RefusedRequestException.noSuchThing();
  }

  /** Who looks at a pass may wait for its end: {@code ?waitMillis=N}. */
  @Override
  public void await(ControlRequest request) throws InterruptedException {
    List<String> path = request.path();
    String wait = request.query().getOrDefault("waitMillis", "");
    boolean isPass =
        path.size() == 5 && path.get(1).equals("volumes") && path.get(3).equals("passes");
    if (!isPass || !request.method().equals("GET") || !isNumber(wait) || !isNumber(path.get(4))) {
      return;
    }
    long millis = Math.min(Long.parseLong(wait), WAIT_MAX.toMillis());
    try {
      source.awaitEnd(path.get(2), Long.parseLong(path.get(4)), Duration.ofMillis(millis));
    } catch (UnknownVolumeException e) {
      // The answer says so.
    }
  }

  @Override
  String howToAsk(ControlRequest request) {
    if (request.path().getLast().equals("problems")) {
      return "give offset and limit as numbers, the limit from 1 to " + PROBLEMS_PER_PAGE;
    }
    if (request.path().getLast().equals(BarrierRoutes.NAME)) {
      return "send a JSON object with " + BarrierJson.fields();
    }
    if (request.path().getLast().equals("pause")) {
      return "send nothing or a JSON object with " + RequestJson.pauseFields();
    }
    if (request.path().getLast().equals("explanations")) {
      return "send a JSON object with " + ExplanationJson.fields();
    }
    return request.path().getLast().equals("passes")
        ? "send nothing or a JSON object with any of " + RequestJson.passFields()
        : "GET /v1/volumes/NAME/passes lists the passes with their numbers";
  }

  private ControlAnswer volume(ControlRequest request, String volume, String what)
      throws RefusedRequestException, UnknownVolumeException {
    boolean whole = request.path().size() == 4;
    if (what.equals("problems") && whole) {
      requireGet(request);
      return problems(volume, request.query());
    }
    if (what.equals("pause") && whole) {
      return pause(volume, request);
    }
    if (what.equals("explanations")) {
      return explanation(volume, request);
    }
    if (what.equals("passes") && whole) {
      return switch (request.method()) {
        case "GET" -> history(volume);
        case "POST" -> begin(volume, request);
        case "DELETE" -> cancel(volume);
        default ->
            throw RefusedRequestException.wrongMethod(
                request.method(), "GET for its history, POST to begin one, DELETE to cancel");
      };
    }
    if (what.equals("passes") && request.path().size() == 5) {
      return onePass(request, volume, number(request.path().get(4), "the number of a pass"));
    }
    if (what.equals("passes")
        && request.path().size() == 6
        && request.path().get(5).equals("differences")) {
      requireGet(request);
      long pass = number(request.path().get(4), "the number of a pass");
      return differences(volume, pass, request.query());
    }
    throw RefusedRequestException.noSuchThing();
  }

  private ControlAnswer pause(String volume, ControlRequest request)
      throws RefusedRequestException, UnknownVolumeException {
    boolean pauses =
        switch (request.method()) {
          case "PUT" -> true;
          case "DELETE" -> false;
          default ->
              throw RefusedRequestException.wrongMethod(
                  request.method(), "PUT to pause, DELETE to resume");
        };
    Instant until = pauses ? pausedUntil(request) : Instant.MIN;
    boolean done = pauses ? source.pause(volume, until) : source.resume(volume);
    if (pauses && !done) {
      throw new RefusedRequestException(
          ControlAnswer.CONFLICT,
          "not-replicated",
          volume + " does not follow its source by itself, so there is nothing to pause",
          "driftless replicate %s on; driftless cancel %s ends a pass".formatted(volume, volume));
    }
    JsonObject body = open();
    body.addProperty("volume", volume);
    body.addProperty("paused", pauses);
    if (pauses) {
      body.add("pausedUntil", RequestJson.moment(until));
    } else {
      body.addProperty("resumed", done);
    }
    return ControlAnswer.ok(body);
  }

  private Instant pausedUntil(ControlRequest request) {
    return RequestJson.pause(bodyOf(request))
        .map(length -> clock.instant().plus(length).truncatedTo(ChronoUnit.MILLIS))
        .orElse(Instant.MAX);
  }

  private ControlAnswer explanation(String volume, ControlRequest request)
      throws RefusedRequestException, UnknownVolumeException {
    JsonObject body = open();
    body.addProperty("volume", volume);
    if (request.path().size() == 4) {
      if (!request.method().equals("POST")) {
        throw RefusedRequestException.wrongMethod(request.method(), "POST to ask for one");
      }
      body.addProperty(
          "explanation", source.explain(volume, ExplanationJson.question(bodyOf(request))));
      return new ControlAnswer(ControlAnswer.ACCEPTED, body);
    }
    if (request.path().size() > 5) {
      throw RefusedRequestException.noSuchThing();
    }
    requireGet(request);
    long number = number(request.path().get(4), "the number of an explanation");
    Inquiry inquiry =
        source
            .explanation(volume, number)
            .orElseThrow(() ->
                new RefusedRequestException(
                    ControlAnswer.NOT_FOUND,
                    "no-such-explanation",
                    "%s has no explanation %d that is still known".formatted(volume, number),
                    "ask again"));
    body.addProperty("explanation", number);
    ExplanationJson.add(body, inquiry);
    return ControlAnswer.ok(body);
  }

  private ControlAnswer differences(String volume, long pass, Map<String, String> query)
      throws UnknownVolumeException {
    long after = number(query.getOrDefault("after", "0"), "the number of a difference");
    JsonObject body = open();
    body.addProperty("volume", volume);
    body.addProperty("pass", pass);
    body.add(
        "differences",
        DifferenceJson.page(source.differences(volume, pass, after, PROBLEMS_PER_PAGE)));
    return ControlAnswer.ok(body);
  }

  private ControlAnswer onePass(ControlRequest request, String volume, long pass)
      throws RefusedRequestException, UnknownVolumeException {
    return switch (request.method()) {
      case "GET" -> {
        number(request.query().getOrDefault("waitMillis", "0"), "a number of milliseconds");
        yield ControlAnswer.ok(pass(volume, pass));
      }
      case "DELETE" -> {
        Optional<PassProgress> progress = source.pass(volume, pass);
        if (progress.isEmpty() || progress.get().report().isPresent()) {
          throw new RefusedRequestException(
              ControlAnswer.NOT_FOUND,
              "no-such-pass",
              "pass %d of %s neither waits nor runs".formatted(pass, volume),
              "driftless history %s lists what has ended".formatted(volume));
        }
        yield cancel(volume);
      }
      default ->
          throw RefusedRequestException.wrongMethod(
              request.method(), "GET to look at it, DELETE to cancel it");
    };
  }

  private ControlAnswer begin(String volume, ControlRequest request) throws UnknownVolumeException {
    long pass = source.requestPass(volume, RequestJson.pass(bodyOf(request)));
    JsonObject body = open();
    body.addProperty("volume", volume);
    body.addProperty("pass", pass);
    return new ControlAnswer(ControlAnswer.ACCEPTED, body);
  }

  private JsonObject pass(String volume, long pass)
      throws RefusedRequestException, UnknownVolumeException {
    Optional<PassProgress> progress = source.pass(volume, pass);
    if (progress.isPresent()) {
      return PassJson.of(progress.get(), envelope());
    }
    Optional<PassReport> report =
        source.history(volume, HISTORY_SEARCHED).stream()
            .filter(each -> each.pass() == pass)
            .findFirst();
    return PassJson.of(
        report.orElseThrow(() ->
            new RefusedRequestException(
                ControlAnswer.NOT_FOUND,
                "no-such-pass",
                "%s has no pass %d that is still known".formatted(volume, pass),
                "driftless history %s lists them".formatted(volume))),
        envelope());
  }

  private ControlAnswer history(String volume) throws UnknownVolumeException {
    var passes = new JsonArray();
    source.history(volume, HISTORY_MAX).forEach(each -> passes.add(PassJson.of(each, envelope())));
    JsonObject body = open();
    body.addProperty("volume", volume);
    body.add("passes", passes);
    return ControlAnswer.ok(body);
  }

  private ControlAnswer cancel(String volume) throws UnknownVolumeException {
    JsonObject body = open();
    body.addProperty("volume", volume);
    body.addProperty("cancelled", source.cancel(volume));
    return ControlAnswer.ok(body);
  }

  private ControlAnswer problems(String volume, Map<String, String> query)
      throws RefusedRequestException, UnknownVolumeException {
    long offset = number(query.getOrDefault("offset", "0"), "an offset");
    long limit =
        number(query.getOrDefault("limit", Integer.toString(PROBLEMS_PER_PAGE)), "a limit");
    if (limit < 1 || limit > PROBLEMS_PER_PAGE) {
      throw new IllegalArgumentException("limit must be in 1..%d".formatted(PROBLEMS_PER_PAGE));
    }
    Optional<PassReport> last = source.history(volume, 1).stream().findFirst();
    JsonObject body = open();
    body.addProperty("volume", volume);
    body.addProperty("pass", last.map(PassReport::pass).orElse(0L));
    body.addProperty("problemsTotal", last.map(PassReport::problemsTotal).orElse(0L));
    body.addProperty("offset", offset);
    body.add("problems", PassJson.problems(source.problems(volume, offset, (int) limit)));
    return ControlAnswer.ok(body);
  }

  private RefusedRequestException unknownVolume(UnknownVolumeException unknown) {
    String known = String.join(", ", volumeNames());
    return new RefusedRequestException(
        ControlAnswer.NOT_FOUND,
        "unknown-volume",
        io.driftless.protocol.tree.Escaped.message(String.valueOf(unknown.getMessage())),
        known.isEmpty() ? "there are no volumes yet" : "known: " + known);
  }

  static long number(String text, String what) {
    if (!isNumber(text)) {
      throw new IllegalArgumentException(
          "not %s: %s".formatted(what, io.driftless.protocol.tree.Escaped.display(text)));
    }
    return Long.parseLong(text);
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,18}");
  }
}
