package io.driftless.cli.command;

import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ChronicleText;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.source.session.PassReport;
import java.io.IOException;
import java.util.Set;

/** Shows what a pass deleted and renamed, however much it is. */
final class ChronicleResults {
  private final Root root;
  private final Passes passes;

  ChronicleResults(Root root, Passes passes) {
    this.root = root;
    this.passes = passes;
  }

  /** Shows one pass; with JSON, a line for each entry and then the object of the pass. */
  ExitCode show(PassReport report, Set<Trait> wanted) throws IOException {
    if (!root.isJson()) {
      ChronicleText.heads(report, wanted).forEach(root.terminal()::answer);
    }
    long shown = showAll(report, wanted);
    if (root.isJson()) {
      root.terminal().answer(JsonText.of(PassJson.of(report, passes.envelope())));
    } else if (shown == 0) {
      ChronicleText.whyNone(report, wanted).forEach(root.terminal()::answer);
    }
    return ExitCode.DONE;
  }

  private long showAll(PassReport report, Set<Trait> wanted) throws IOException {
    var shown = new long[1];
    new DifferencePages(passes, report)
        .forEach(difference -> {
          if (wanted.contains(difference.trait())) {
            shown[0]++;
            root.terminal().answer(line(report, difference));
          }
        });
    return shown[0];
  }

  private String line(PassReport report, Difference difference) {
    return root.isJson()
        ? JsonText.of(DifferenceJson.of(report.volume(), difference))
        : ChronicleText.line(difference);
  }
}
