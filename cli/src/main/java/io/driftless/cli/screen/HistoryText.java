package io.driftless.cli.screen;

import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.source.session.PassReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The passes of a volume, the newest first. */
public final class HistoryText {
  private HistoryText() {}

  public static List<String> lines(List<PassReport> passes, Moments moments) {
    var table =
        new Table(
            List.of(
                "PASS", "STARTED", "TOOK", "OUTCOME", "ENTRIES", "FILES SENT", "WIRE", "PROBLEMS"),
            Set.of("PASS", "ENTRIES", "FILES SENT", "WIRE", "PROBLEMS"));
    for (PassReport pass : passes) {
      table.row(
          "#" + pass.pass(),
          moments.full(pass.startedAt()),
          Shown.span(Duration.ofMillis(Math.round(pass.seconds() * 1000))),
          outcome(pass),
          Shown.count(pass.found().entries()),
          Shown.count(pass.applied().filesTransferred()),
          Shown.bytes(pass.wireBytesSent()),
          Shown.count(pass.problemsTotal()));
    }
    return table.lines();
  }

  private static String outcome(PassReport pass) {
    String outcome = pass.outcome().name().toLowerCase(Locale.ROOT);
    return switch (pass.purpose()) {
      case SYNC -> outcome;
      case DRY_RUN -> "dry run, " + outcome;
      case VERIFY, VERIFY_CONTENT -> "verified, " + VerificationText.brief(pass);
    };
  }
}
