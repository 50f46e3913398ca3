package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.health.Finding;
import io.driftless.cli.health.Health;
import io.driftless.cli.health.HealthRules;
import io.driftless.cli.health.Severity;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.json.StatusJson.Status;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.quantity.Span;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.VolumeStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "check",
    description = {
      "Answers monitoring in one line: ends with 0 if all is well, 1 for a warning,",
      "2 if it is critical, 3 if it can't be said, as Nagios has it."
    },
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--max-lag",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "Critical beyond it, a warning beyond half of it; 30s if it is left out.")
  private String lagMax = "30s";

  @Option(
      names = "--max-age",
      paramLabel = "TIME",
      defaultValue = "26h",
      description =
          "How old the last good pass of a volume may be whose target doesn't follow; 26h if it is"
              + " left out.")
  private String ageMax = "26h";

  private final Root root;

  CheckCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try {
      return show(health());
    } catch (CommandFailure e) {
      return unknown(e.slug(), e.message());
    } catch (IllegalArgumentException e) {
      return unknown("usage", String.valueOf(e.getMessage()));
    }
  }

  private record Answer(Envelope envelope, Health health) {}

  private Answer health() throws CommandFailure {
    var rules = new HealthRules(span(lagMax), span(ageMax));
    ControlClient client = root.client();
    return switch (StatusJson.read(client.get("/v1/status"))) {
      case Status.OfSource source ->
          new Answer(
              source.envelope(),
              rules.judge(
                  source.volumes(),
                  source.peers(),
                  lastGood(client, source.volumes()),
                  root.host().moments().now()));
      case Status.OfTarget target ->
          new Answer(target.envelope(), HealthRules.judgeReplicas(target.volumes()));
    };
  }

  private static Duration span(String text) {
    return Span.parse(text);
  }

  private static Map<String, PassReport> lastGood(ControlClient client, List<VolumeStatus> volumes)
      throws CommandFailure {
    var passes = new HashMap<String, PassReport>();
    for (VolumeStatus volume : volumes) {
      Optional<PassReport> last = volume.lastPass();
      if (volume.replication().isPresent() || last.isEmpty()) {
        continue;
      }
      Optional<PassReport> good =
          HealthRules.isGood(last.get()) ? last : searched(client, volume.name());
      good.ifPresent(pass -> passes.put(volume.name(), pass));
    }
    return passes;
  }

  private static Optional<PassReport> searched(ControlClient client, String volume)
      throws CommandFailure {
    return new Fields(client.get(RemotePasses.pathOf(volume)))
        .list("passes").stream()
            .map(PassJson::report)
            .filter(pass -> pass.purpose() == PassReport.Purpose.SYNC)
            .filter(HealthRules::isGood)
            .findFirst();
  }

  private int show(Answer answer) {
    Health health = answer.health();
    JsonObject object = answer.envelope().open();
    object.addProperty("severity", health.severity().name());
    var findings = new JsonArray();
    for (Finding finding : health.findings()) {
      var each = new JsonObject();
      each.addProperty("subject", finding.subject());
      each.addProperty("severity", finding.severity().name());
      each.addProperty("text", finding.text());
      findings.add(each);
    }
    object.add("findings", findings);
    root.answer(object, health.line());
    return health.severity().number();
  }

  /** On stdout, too: there it is that monitoring looks. */
  private int unknown(String slug, String message) {
    JsonObject object = new Envelope("", root.host().version()).open();
    object.addProperty("severity", Severity.UNKNOWN.name());
    object.add("findings", new JsonArray());
    object.addProperty("error", slug + ": " + message);
    root.answer(object, Health.line(Severity.UNKNOWN, slug + ": " + message));
    return Severity.UNKNOWN.number();
  }
}
