package io.driftless.cli.screen;

import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What became of whole entries in a pass that has ended. */
public final class ChronicleText {
  private ChronicleText() {}

  /** The answer, as far as the numbers go. */
  public static List<String> heads(PassReport report, Set<Trait> wanted) {
    var lines = new ArrayList<String>();
    if (wanted.contains(Trait.EXTRA)) {
      lines.add(head(report, deletions(report)));
    }
    if (wanted.contains(Trait.RENAMED)) {
      lines.add(
          head(report, "renamed " + Shown.count(report.applied().filesRenamed(), "file", "files")));
    }
    return lines;
  }

  private static String head(PassReport report, String what) {
    return "%s  pass #%d %s".formatted(report.volume(), report.pass(), what);
  }

  private static String deletions(PassReport report) {
    if (report.outcome() == Outcome.REFUSED) {
      Guard guard = report.guard().orElseThrow();
      return "deleted nothing: %s: %s"
          .formatted(Escaped.display(guard.slug()), Escaped.message(guard.message()));
    }
    return switch (report.purpose()) {
      case SYNC -> "deleted " + Shown.count(report.applied().entriesDeleted(), "entry", "entries");
      case DRY_RUN -> "was a dry run; it would delete";
      case VERIFY, VERIFY_CONTENT -> "was a verification; only the target has";
    };
  }

  /** One entry that is gone, would be, or has another name. */
  public static String line(Difference difference) {
    return difference.trait() == Trait.RENAMED
        ? "  %s %s  (it was %s)"
            .formatted(
                DifferenceJson.word(difference.kind()),
                difference.path(),
                Escaped.message(difference.target()))
        : "  %s  (%s)".formatted(difference.path(), Escaped.message(difference.target()));
  }

  /** Why there is nothing to list where there should be. */
  public static List<String> whyNone(PassReport report, Set<Trait> wanted) {
    boolean isNothing =
        report.purpose() != Purpose.SYNC
            || report.look().isEmpty()
                && (!wanted.contains(Trait.EXTRA) || report.applied().entriesDeleted() == 0)
                && (!wanted.contains(Trait.RENAMED) || report.applied().filesRenamed() == 0);
    return isNothing
        ? List.of()
        : List.of(
            "  the list is not kept: the last 10 passes have theirs, and what made way for an entry"
                + " of another kind is on none");
  }
}
