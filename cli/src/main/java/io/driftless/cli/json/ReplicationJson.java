package io.driftless.cli.json;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far a volume's target is behind, as fields of the volume and an object of their own. */
final class ReplicationJson {
  private static final double NANOS = 1e9;
  private static final String REPLICATION = "replication";

  private ReplicationJson() {}

  static void add(JsonObject object, VolumeStatus volume) {
    Optional<ReplicationStatus> replication = volume.replication();
    if (replication.isEmpty()) {
      object.add("lagSeconds", JsonNull.INSTANCE);
      object.add("dirtyEntries", JsonNull.INSTANCE);
      object.addProperty(
          "busyFiles", volume.lastPass().map(pass -> pass.applied().busyFiles()).orElse(0L));
      object.add("watcher", JsonNull.INSTANCE);
      object.add(REPLICATION, JsonNull.INSTANCE);
      return;
    }
    ReplicationStatus now = replication.get();
    now.lag()
        .ifPresentOrElse(
            lag -> object.addProperty("lagSeconds", lag.toNanos() / NANOS),
            () -> object.add("lagSeconds", JsonNull.INSTANCE));
    object.addProperty("dirtyEntries", now.dirtyEntries());
    object.addProperty("busyFiles", now.busyFiles());
    object.addProperty("watcher", now.watcher());
    object.add(REPLICATION, detail(now));
  }

  private static JsonObject detail(ReplicationStatus now) {
    var detail = new JsonObject();
    detail.addProperty("problems", now.problems());
    detail.addProperty("watcherReason", now.watcherReason());
    detail.addProperty("overflows", now.overflows());
    detail.add("doubt", Words.orNull(now.doubt()));
    detail.add(
        "pausedUntil",
        Words.orNull(now.pausedUntil().filter(until -> until.isBefore(Instant.MAX))));
    detail.addProperty("paused", now.pausedUntil().isPresent());
    return detail;
  }

  static Optional<ReplicationStatus> read(Fields fields) {
    return fields
        .optionalFields(REPLICATION)
        .map(detail ->
            new ReplicationStatus(
                fields
                    .optionalFraction("lagSeconds")
                    .map(seconds -> Duration.ofNanos(Math.round(seconds * NANOS))),
                fields.number("dirtyEntries"),
                fields.number("busyFiles"),
                detail.number("problems"),
                fields.text("watcher"),
                detail.text("watcherReason"),
                detail.number("overflows"),
                detail.optionalText("doubt"),
                detail.flag("paused")
                    ? Optional.of(detail.optionalInstant("pausedUntil").orElse(Instant.MAX))
                    : Optional.empty()));
  }
}
