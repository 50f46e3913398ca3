package io.driftless.cli.screen;

import io.driftless.cli.quantity.Shown;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import java.time.Duration;
import java.util.Locale;

/** What a verification came to, in a few words. */
final class VerificationText {
  private VerificationText() {}

  /** All that counts, after the name of the volume. */
  static String what(PassReport report) {
    String how =
        report.purpose() == Purpose.VERIFY_CONTENT
            ? "%s compared by content".formatted(Shown.bytes(report.found().bytes()))
            : "content not compared";
    return "verified: %s; %s, %s, in %s"
        .formatted(
            verdict(report),
            Shown.count(report.found().entries(), "entry", "entries"),
            how,
            Shown.span(Duration.ofMillis(Math.round(report.seconds() * 1000))));
  }

  private static String verdict(PassReport report) {
    long differences = report.differencesTotal() - report.applied().busyFiles();
    String busy =
        report.applied().busyFiles() == 0
            ? ""
            : ", " + Shown.count(report.applied().busyFiles()) + " busy";
    String problems =
        report.problemsTotal() == 0
            ? ""
            : ", " + Shown.count(report.problemsTotal(), "problem", "problems");
    String equal =
        differences == 0 ? "equal" : Shown.count(differences, "difference", "differences");
    return equal + busy + problems;
  }

  /** For a table. */
  static String brief(PassReport report) {
    String content = report.purpose() == Purpose.VERIFY_CONTENT ? "content, " : "";
    boolean isOver = report.outcome() == Outcome.DONE || report.outcome() == Outcome.PROBLEMS;
    return content + (isOver ? verdict(report) : report.outcome().name().toLowerCase(Locale.ROOT));
  }
}
