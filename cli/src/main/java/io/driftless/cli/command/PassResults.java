package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ReportText;
import io.driftless.source.session.PassReport;
import java.util.List;
import java.util.Set;

/** Shows what passes did and makes an exit code of it. */
final class PassResults {
  private static final Set<String> UNREACHABLE_SLUGS =
      Set.of("target-unreachable", "peer-unreachable", "unreachable");

  private PassResults() {}

  static ExitCode show(Root root, List<PassReport> reports, Envelope envelope) {
    reports.forEach(report -> showText(root, report));
    if (root.isJson()) {
      root.terminal().answer(JsonText.of(json(reports, envelope)));
    }
    return reports.stream().map(PassResults::exitCode).reduce(ExitCode.DONE, ExitCode::and);
  }

  private static void showText(Root root, PassReport report) {
    boolean good = exitCode(report).isDone();
    if (good && !root.isJson()) {
      root.terminal().answer(ReportText.line(report));
    } else if (!good || !root.isQuiet()) {
      root.terminal().remark(ReportText.line(report));
    }
    ReportText.details(report).forEach(root::remark);
  }

  private static JsonObject json(List<PassReport> reports, Envelope envelope) {
    if (reports.size() == 1) {
      return PassJson.of(reports.getFirst(), envelope);
    }
    JsonObject object = envelope.open();
    var passes = new JsonArray();
    reports.forEach(report -> passes.add(PassJson.of(report, envelope)));
    object.add("passes", passes);
    return object;
  }

  static ExitCode exitCode(PassReport report) {
    return switch (report.outcome()) {
      case DONE -> ExitCode.DONE;
      case PROBLEMS -> ExitCode.PROBLEMS;
      case REFUSED -> ExitCode.REFUSED;
      case CANCELLED -> ExitCode.FAILED;
      case FAILED ->
          report.error().filter(error -> UNREACHABLE_SLUGS.contains(error.slug())).isPresent()
              ? ExitCode.UNREACHABLE
              : ExitCode.FAILED;
    };
  }
}
