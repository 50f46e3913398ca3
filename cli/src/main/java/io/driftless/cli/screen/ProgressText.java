package io.driftless.cli.screen;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The progress of one pass as a line that tells the truth: what isn't known yet isn't shown, what
 * is guessed carries {@code ~}. Confined to one thread.
 */
public final class ProgressText {
  private static final String GAP = "   ";
  private static final Duration SECONDS_SHOWN_BELOW = Duration.ofMinutes(10);

  private final Moments moments;
  private final OptionalLong entriesBefore;
  private final ProgressMeter meter = new ProgressMeter();
  private Optional<ThrottleStatus> throttle = Optional.empty();

  /**
   * @param entriesBefore that the pass before found, a guess of what this one will find
   */
  public ProgressText(Moments moments, OptionalLong entriesBefore) {
    this.moments = moments;
    this.entriesBefore = entriesBefore;
  }

  /** Takes note of how far the pass has come; to be called before the views. */
  public void update(PassProgress progress) {
    meter.add(moments.now(), progress);
  }

  /** Takes note of what may flow now, and later. */
  public void throttle(Optional<ThrottleStatus> now) {
    throttle = now;
  }

  /** One line for people. */
  public String line(PassProgress progress) {
    var parts = new ArrayList<String>();
    switch (progress.phase()) {
      case QUEUED -> parts.add("waiting");
      case WALKING -> addWalking(parts, progress);
      case TRANSFERRING, LINKING -> addTransferring(parts, progress);
      case FINISHED -> parts.add("finished");
    }
    progress.blocked().ifPresent(reason -> parts.add(Escaped.message(reason)));
    if (progress.problems() > 0) {
      parts.add(Shown.count(progress.problems(), "problem", "problems"));
    }
    remaining(progress).ifPresent(left -> parts.add("ready ~" + moment(left)));
    return progress.volume() + "  " + String.join(GAP, parts);
  }

  private void addWalking(List<String> parts, PassProgress progress) {
    boolean guess =
        entriesBefore.isPresent() && entriesBefore.getAsLong() > progress.found().entries();
    parts.add(progress.purpose().isVerification() ? "comparing" : "walking");
    parts.add(
        Shown.brief(progress.found().entries())
            + " found"
            + (guess ? ", ~" + Shown.brief(entriesBefore.getAsLong()) : ""));
    switch (progress.purpose()) {
      case SYNC, DRY_RUN -> {
        if (progress.wireBytes() > 0) {
          parts.add("sent " + Shown.bytes(progress.wireBytes()));
        }
        addWireRate(parts);
      }
      case VERIFY_CONTENT -> {
        parts.add(Shown.bytes(progress.bytesDone()) + " compared");
        addReadingRate(parts);
      }
      case VERIFY -> {}
    }
  }

  private void addTransferring(List<String> parts, PassProgress progress) {
    if (progress.phase() == PassProgress.Phase.LINKING) {
      parts.add("linking");
    }
    ProgressMeter.percent(progress).ifPresent(percent -> parts.add(percent + " %"));
    String found = Shown.brief(progress.found().entries());
    String entries = "%s/%s entries".formatted(Shown.brief(progress.entriesDone()), found);
    String bytes = Shown.bytesOf(progress.bytesDone(), progress.found().bytes());
    switch (progress.purpose()) {
      case SYNC, DRY_RUN -> {
        parts.add(entries);
        parts.add(bytes);
        addWireRate(parts);
      }
      case VERIFY_CONTENT -> { // entries are done by whole directories, bytes as they are read
        parts.add(found + " entries");
        parts.add(bytes + " compared");
        addReadingRate(parts);
      }
      case VERIFY -> parts.add(entries);
    }
  }

  private void addReadingRate(List<String> parts) {
    meter.bytesDonePerSecond().ifPresent(rate -> parts.add(Shown.bytes(Math.round(rate)) + "/s"));
  }

  private void addWireRate(List<String> parts) {
    meter.bitsPerSecond().ifPresent(rate -> parts.add(Shown.rate(rate)));
    throttle
        .map(now -> now.limits().wire())
        .filter(limit -> !limit.isUnlimited())
        .ifPresent(limit -> parts.add("throttle " + ThrottleText.megabits(limit)));
  }

  /** By the calendar, where the wire is what it takes. */
  private Optional<Duration> remaining(PassProgress progress) {
    Optional<Duration> left = meter.remaining(progress);
    Optional<Double> speed = meter.bitsPerSecond();
    boolean isOverWire = !progress.purpose().isVerification();
    return left.isEmpty() || throttle.isEmpty() || speed.isEmpty() || !isOverWire
        ? left
        : new Forecast(throttle.get(), moments.now()).of(left.get(), speed.get());
  }

  private String moment(Duration left) {
    Instant at = moments.now().plus(left);
    return left.compareTo(SECONDS_SHOWN_BELOW) < 0 ? moments.clockSeconds(at) : moments.clock(at);
  }

  /** One object for programs. */
  public JsonObject json(PassProgress progress) {
    var object = new JsonObject();
    object.addProperty("time", moments.now().toString());
    object.addProperty("volume", progress.volume());
    object.addProperty("pass", progress.pass());
    object.addProperty("phase", progress.phase().name().toLowerCase(Locale.ROOT));
    object.addProperty("entriesFound", progress.found().entries());
    object.addProperty("bytesFound", progress.found().bytes());
    object.addProperty("entriesDone", progress.entriesDone());
    object.addProperty("bytesDone", progress.bytesDone());
    object.addProperty("literalBytes", progress.literalBytes());
    object.addProperty("wireBytes", progress.wireBytes());
    object.addProperty("problems", progress.problems());
    put(object, "blocked", progress.blocked());
    put(object, "percent", ProgressMeter.percent(progress));
    put(object, "bitsPerSecond", meter.bitsPerSecond().map(Math::round));
    put(
        object,
        "throttleBitsPerSecond",
        throttle
            .map(now -> now.limits().wire())
            .filter(limit -> !limit.isUnlimited())
            .map(Limit::perSecond));
    put(object, "readyAt", remaining(progress).map(left -> moments.now().plus(left)));
    return object;
  }

  private static void put(JsonObject object, String name, Optional<?> value) {
    object.add(
        name,
        switch (value.orElse(null)) {
          case null -> JsonNull.INSTANCE;
          case Number number -> new JsonPrimitive(number);
          case Object other -> new JsonPrimitive(other.toString());
        });
  }
}
