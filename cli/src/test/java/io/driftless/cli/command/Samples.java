package io.driftless.cli.command;

import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.source.session.Applied;
import io.driftless.source.session.Found;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Values as agents give them. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private Samples() {}

  public static PassProgress progress(String volume, Phase phase, long done, long found) {
    return progress(volume, Purpose.SYNC, phase, done, found);
  }

  public static PassProgress progress(
      String volume, Purpose purpose, Phase phase, long done, long found) {
    return new PassProgress(
        volume,
        7,
        purpose,
        phase,
        NOW.minusSeconds(60),
        new Found(found, found, 1, found * 10_000),
        done,
        done * 10_000,
        done * 10_000,
        done * 9_000,
        0,
        Optional.empty(),
        Optional.empty());
  }

  public static PassProgress ended(PassReport report) {
    return PassProgress.ended(report);
  }

  public static PassReport report(String volume, Outcome outcome, List<Problem> problems) {
    return new PassReport(
        volume,
        "newhoster",
        7,
        Purpose.SYNC,
        outcome,
        NOW.minusSeconds(4920),
        4920.25,
        new Found(3_100_412, 3_000_000, 100_412, 48_211_000_000L),
        new Applied(2_900_000, 0, 0, 12, 48_000_000_000L, 211_000_000L, 0, Deltas.NONE),
        33_500_744_909L,
        1_000_000,
        problems.size(),
        0,
        problems,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static PassReport verified(
      String volume, Purpose purpose, Outcome outcome, long differences, long busy) {
    PassReport plain = report(volume, outcome, List.of());
    return new PassReport(
        plain.volume(),
        plain.target(),
        plain.pass(),
        purpose,
        plain.outcome(),
        plain.startedAt(),
        plain.seconds(),
        plain.found(),
        new Applied(0, 0, 0, 0, 0, 0, busy, Deltas.NONE),
        plain.wireBytesSent(),
        plain.wireBytesReceived(),
        0,
        differences,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static PassReport done(String volume) {
    return report(volume, Outcome.DONE, List.of());
  }

  /** A pass in which large files came by delta. */
  static PassReport with(Deltas deltas) {
    var applied = new Applied(2_900_000, 0, 0, 12, 48_000_000_000L, 211_000_000L, 0, deltas);
    return with(
        done("www"), applied, List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static PassReport failed(String volume, String slug) {
    return with(
        report(volume, Outcome.FAILED, List.of()),
        Optional.empty(),
        Optional.of(new Failure(slug, "cannot open /srv/www: ENOENT", "mount it")));
  }

  public static PassReport refused(String volume) {
    var guard =
        new Guard(
            "too-many-deletes",
            "312,004 entries would vanish",
            List.of("a/b"),
            "driftless sync www --allow-deletes=312004");
    return with(report(volume, Outcome.REFUSED, List.of()), Optional.of(guard), Optional.empty());
  }

  static PassReport withManifest(PassReport report, String file) {
    return with(
        report, report.applied(), List.of(), Optional.empty(), Optional.empty(), Optional.of(file));
  }

  private static PassReport with(
      PassReport report, Optional<Guard> guard, Optional<Failure> error) {
    var notices = List.of(new Notice("mount-point", "proc is not crossed"));
    return with(report, report.applied(), notices, guard, error, report.manifest());
  }

  private static PassReport with(
      PassReport report,
      Applied applied,
      List<Notice> notices,
      Optional<Guard> guard,
      Optional<Failure> error,
      Optional<String> manifest) {
    return new PassReport(
        report.volume(),
        report.target(),
        report.pass(),
        report.purpose(),
        report.outcome(),
        report.startedAt(),
        report.seconds(),
        report.found(),
        applied,
        report.wireBytesSent(),
        report.wireBytesReceived(),
        report.problemsTotal(),
        report.differencesTotal(),
        report.problems(),
        notices,
        guard,
        error,
        manifest);
  }

  public static PeerStatus connected() {
    return new PeerStatus(
        "newhoster",
        "203.0.113.7:7440",
        Connection.CONNECTED,
        NOW.minus(Duration.ofHours(76)),
        Optional.empty(),
        Optional.empty(),
        "1.0.0",
        "BoringSSL",
        Duration.ofMillis(-3200),
        Optional.of(Instant.parse("2026-11-28T10:00:00Z")));
  }

  public static PeerStatus disconnected() {
    return new PeerStatus(
        "newhoster",
        "203.0.113.7:7440",
        Connection.DISCONNECTED,
        NOW.minusSeconds(30),
        Optional.of("connection refused"),
        Optional.of(NOW.plusSeconds(17)),
        "",
        "",
        Duration.ZERO,
        Optional.empty());
  }
}
