package io.driftless.cli.screen;

import io.driftless.cli.outcome.ErrorLine;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Purpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a pass did: the answer in the first line, then what an administrator should look at. */
public final class ReportText {
  private ReportText() {}

  /** The one line that answers. */
  public static String line(PassReport report) {
    return switch (report.outcome()) {
      case DONE, PROBLEMS ->
          report.purpose().isVerification()
              ? report.volume() + "  " + VerificationText.what(report)
              : report.volume() + "  done: " + what(report);
      case CANCELLED ->
          "%s  cancelled after %s: what was durable stays, the next pass goes on from there"
              .formatted(report.volume(), Shown.span(length(report)));
      case REFUSED -> guardLine(report);
      case FAILED -> failureLine(report);
    };
  }

  private static String what(PassReport report) {
    if (report.purpose() == Purpose.DRY_RUN) {
      return "dry run, nothing was changed: %s, %s in %s"
          .formatted(
              Shown.count(report.found().entries(), "entry", "entries"),
              Shown.bytes(report.found().bytes()),
              Shown.span(length(report)));
    }
    String problems =
        report.problemsTotal() == 0
            ? ""
            : "; " + Shown.count(report.problemsTotal(), "problem", "problems");
    String deleted =
        report.applied().entriesDeleted() == 0
            ? ""
            : ", " + Shown.count(report.applied().entriesDeleted()) + " deleted";
    return "%s, %s (%s on the wire)%s in %s, durable on %s%s"
        .formatted(
            Shown.count(report.found().entries(), "entry", "entries"),
            Shown.bytes(report.found().bytes()),
            Shown.bytes(report.wireBytesSent()),
            deleted,
            Shown.span(length(report)),
            Escaped.display(report.target()),
            problems);
  }

  private static Duration length(PassReport report) {
    return Duration.ofMillis(Math.round(report.seconds() * 1000));
  }

  private static String guardLine(PassReport report) {
    return report
        .guard()
        .map(guard ->
            ErrorLine.of(
                guard.slug(), report.volume() + ": " + Escaped.message(guard.message()), ""))
        .orElseGet(() -> failureLine(report));
  }

  private static String failureLine(PassReport report) {
    Failure failure =
        report.error().orElseGet(() -> new Failure("failed", "the pass failed", "look at the log"));
    return ErrorLine.of(
        failure.slug(),
        report.volume() + ": " + Escaped.message(failure.message()),
        Escaped.message(failure.hint()));
  }

  /** Guard, large files, notices and problems, indented; often nothing. */
  public static List<String> details(PassReport report) {
    var lines = new ArrayList<String>();
    report.guard().ifPresent(guard -> addGuard(lines, report, guard));
    addDeltas(lines, report.applied().deltas());
    for (Notice notice : report.notices()) {
      lines.add(
          "  note: %s: %s"
              .formatted(Escaped.display(notice.slug()), Escaped.message(notice.message())));
    }
    var problems = new ProblemsText();
    problems.add(report.problems());
    lines.addAll(problems.lines());
    long unlisted = report.problemsTotal() - report.problems().size();
    if (unlisted > 0) {
      lines.add(
          "  and %s more; driftless problems %s lists all"
              .formatted(Shown.count(unlisted), report.volume()));
    }
    return lines;
  }

  /** A copy is its own target, and no volume that another command could name. */
  private static String continueWith(PassReport report, Guard guard) {
    return isCopy(report)
        ? guard.continueWith().replace("driftless sync " + report.volume(), "the same command with")
        : guard.continueWith();
  }

  private static boolean isCopy(PassReport report) {
    return report.target().equals(report.volume());
  }

  private static void addGuard(List<String> lines, PassReport report, Guard guard) {
    if (!guard.examples().isEmpty()) {
      List<String> examples = guard.examples().stream().map(Escaped::message).toList();
      lines.add("  e.g.:      " + String.join(", ", examples));
    }
    if (!isCopy(report)) {
      report.look().ifPresent(look -> lines.add("  look:      " + Escaped.message(look)));
    }
    if (!guard.continueWith().isEmpty()) {
      lines.add("  continue:  " + Escaped.message(continueWith(report, guard)));
    }
  }

  private static void addDeltas(List<String> lines, Deltas deltas) {
    var parts = new ArrayList<String>();
    addCount(parts, deltas.patchedInPlace(), "patched in place");
    addCount(parts, deltas.cloned(), "cloned");
    addCount(parts, deltas.rebuilt(), "rebuilt");
    addCount(parts, deltas.incidents(), "sent whole after an incident");
    if (!parts.isEmpty()) {
      lines.add("  large files: " + String.join(", ", parts));
    }
  }

  private static void addCount(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(Shown.count(count) + " " + what);
    }
  }
}
