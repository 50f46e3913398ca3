package io.driftless.cli.metrics;

import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PeerStatus;
import io.driftless.source.session.PeerStatus.Connection;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.SourceControl;
import io.driftless.source.session.SourceControl.UnknownVolumeException;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import io.driftless.source.session.VolumeTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The numbers of a source. */
public final class SourceMetrics {
  private static final String VOLUME = "volume";
  private static final int PASSES_SEARCHED = 20;

  private final SourceControl source;
  private final Exposition exposition = new Exposition();

  private SourceMetrics(SourceControl source) {
    this.source = source;
  }

  public static String text(SourceControl source, String version) {
    var metrics = new SourceMetrics(source);
    metrics.exposition.build(version, "source");
    Map<String, VolumeTotals> totals = source.totals();
    for (VolumeStatus volume : source.volumes()) {
      metrics.add(volume);
      metrics.add(volume.name(), totals.getOrDefault(volume.name(), VolumeTotals.NONE));
    }
    source.peers().forEach(metrics::add);
    metrics.exposition.throttle(source.throttle());
    return metrics.exposition.text();
  }

  private void add(VolumeStatus volume) {
    String name = volume.name();
    for (State state : State.values()) {
      exposition.gauge(
          "driftless.volume.state",
          "1 for the state that the volume is in.",
          volume.state() == state ? 1 : 0,
          VOLUME,
          name,
          "state",
          state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    volume.replication().ifPresent(now -> add(name, now));
    long problems =
        volume.lastPass().map(PassReport::problemsTotal).orElse(0L)
            + volume.replication().map(ReplicationStatus::problems).orElse(0L);
    exposition.gauge(
        "driftless.problems", "Entries that could not be carried.", problems, VOLUME, name);
    Optional<Guard> guard =
        volume.lastPass().flatMap(PassReport::guard).filter(_ -> volume.state() == State.HELD);
    guard.ifPresent(by ->
        exposition.gauge(
            "driftless.guard.active",
            "1 while a guard holds the volume.",
            1,
            VOLUME,
            name,
            "guard",
            by.slug()));
    lastGood(volume)
        .ifPresent(at ->
            exposition.moment(
                "driftless.last.pass.timestamp",
                "Begin of the last pass that brought everything over that could be.",
                at,
                VOLUME,
                name));
  }

  private void add(String volume, ReplicationStatus now) {
    exposition.seconds(
        "driftless.lag",
        "Age of the oldest change that is not durable on the target; infinite while nothing has"
            + " been brought over yet.",
        now.lag().map(SourceMetrics::seconds).orElse(Double.POSITIVE_INFINITY),
        VOLUME,
        volume);
    exposition.gauge(
        "driftless.dirty.entries",
        "Entries that have changed and are not durable on the target.",
        now.dirtyEntries(),
        VOLUME,
        volume);
    exposition.counter(
        "driftless.watch.overflows",
        "How often changes came faster than they could be taken note of.",
        now.overflows(),
        VOLUME,
        volume);
  }

  private static double seconds(Duration span) {
    return span.toNanos() / 1e9;
  }

  private Optional<Instant> lastGood(VolumeStatus volume) {
    Optional<PassReport> last = volume.lastPass();
    if (last.isEmpty() || isGood(last.get())) {
      return last.map(PassReport::startedAt);
    }
    try {
      return source.history(volume.name(), PASSES_SEARCHED).stream()
          .filter(pass -> pass.purpose() == Purpose.SYNC)
          .filter(SourceMetrics::isGood)
          .map(PassReport::startedAt)
          .findFirst();
    } catch (UnknownVolumeException e) {
      return Optional.empty(); // it was removed a moment ago
    }
  }

  private static boolean isGood(PassReport pass) {
    return pass.outcome() == Outcome.DONE || pass.outcome() == Outcome.PROBLEMS;
  }

  private void add(String volume, VolumeTotals totals) {
    exposition.times(
        "driftless.pass",
        "Passes that ended, and how long they took.",
        totals.passes(),
        totals.passSeconds(),
        VOLUME,
        volume);
    bytes(volume, "literal", totals.literalBytes());
    bytes(volume, "matched", totals.matchedBytes());
    bytes(volume, "wire", totals.wireBytes());
    files(volume, "transferred", totals.filesTransferred());
    files(volume, "renamed", totals.filesRenamed());
    files(volume, "deleted", totals.entriesDeleted());
    files(volume, "metadata", totals.metadataOnly());
    files(volume, "problem", totals.problems());
  }

  private void bytes(String volume, String kind, long bytes) {
    exposition.counter(
        "driftless.bytes",
        "Content that travelled, content that the target had, ciphertext at the socket.",
        bytes,
        VOLUME,
        volume,
        "kind",
        kind);
  }

  private void files(String volume, String result, long files) {
    exposition.counter(
        "driftless.files", "What became of entries.", files, VOLUME, volume, "result", result);
  }

  private void add(PeerStatus peer) {
    exposition.gauge(
        "driftless.connected",
        "1 while there is a session.",
        peer.connection() == Connection.CONNECTED ? 1 : 0,
        "peer",
        peer.name());
    peer.certificateExpiresAt()
        .ifPresent(at ->
            exposition.moment(
                "driftless.certificate.expiry.timestamp",
                "When the certificate expires.",
                at,
                "peer",
                peer.name()));
  }
}
