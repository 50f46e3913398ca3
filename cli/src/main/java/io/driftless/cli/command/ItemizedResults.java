package io.driftless.cli.command;

import io.driftless.cli.json.Change;
import io.driftless.cli.json.Change.Action;
import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Shown;
import io.driftless.cli.screen.DifferenceText;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Shows what was done, or would be, to each entry. */
final class ItemizedResults {
  private final Root root;
  private final Passes passes;

  ItemizedResults(Root root, Passes passes) {
    this.root = root;
    this.passes = passes;
  }

  /** Shows passes; with JSON, a line for each entry and then the object of the passes. */
  ExitCode show(List<PassReport> reports) throws IOException {
    if (!root.isJson()) {
      ExitCode code = PassResults.show(root, reports, passes.envelope());
      for (PassReport report : reports) {
        if (report.purpose() == Purpose.DRY_RUN) {
          root.terminal().answer(summary(report));
        }
        new DifferencePages(passes, report)
            .forEachChange(change -> {
              if (isDue(report, change)) {
                root.terminal().answer("  " + DifferenceText.line(change));
              }
            });
      }
      return code;
    }
    for (PassReport report : reports) {
      if (report.purpose().isVerification()) {
        continue; // what it found is no change
      }
      new DifferencePages(passes, report)
          .forEachChange(change -> {
            if (isDue(report, change)) {
              root.terminal().answer(JsonText.of(DifferenceJson.of(report.volume(), change)));
            }
          });
    }
    return PassResults.show(root, reports, passes.envelope());
  }

  /** What a guard refused is not what was done. */
  private static boolean isDue(PassReport report, Change change) {
    return report.purpose() != Purpose.SYNC
        || report.outcome() != PassReport.Outcome.REFUSED
        || change.action() != Action.DELETE;
  }

  private String summary(PassReport report) throws IOException {
    Map<Action, Long> counts = new EnumMap<>(Action.class);
    new DifferencePages(passes, report)
        .forEachChange(change -> counts.merge(change.action(), 1L, Long::sum));
    return "  would create %s, update %s, delete %s"
        .formatted(
            Shown.count(counts.getOrDefault(Action.CREATE, 0L)),
            Shown.count(counts.getOrDefault(Action.UPDATE, 0L)),
            Shown.count(counts.getOrDefault(Action.DELETE, 0L)));
  }
}
