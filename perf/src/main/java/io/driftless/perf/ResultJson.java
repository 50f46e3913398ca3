package io.driftless.perf;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.driftless.perf.contender.Follower.Standing;
import io.driftless.perf.process.Usage.ProcessUsage;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Results for programs: one object, every lap in full. */
final class ResultJson {
  private static final int SCHEMA = 1;

  private ResultJson() {}

  static String of(Machine machine, List<Outcome> results) {
    var root = new JsonObject();
    root.addProperty("schema", SCHEMA);
    root.add("machine", machine(machine));
    root.add("scenarios", array(results, ResultJson::scenario));
    return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(root) + "\n";
  }

  private static JsonObject machine(Machine machine) {
    var object = new JsonObject();
    object.addProperty("processor", machine.processor());
    object.addProperty("cores", machine.cores());
    object.addProperty("kernel", machine.kernel());
    object.addProperty("java", machine.java());
    object.addProperty("rsync", machine.rsync());
    object.addProperty("ssh", machine.openSsh());
    object.addProperty("commit", machine.commit());
    object.addProperty("date", machine.date().toString());
    return object;
  }

  private static JsonObject scenario(Outcome outcome) {
    var object = new JsonObject();
    object.addProperty("scenario", outcome.label());
    object.addProperty("loadBefore", outcome.loadBefore());
    switch (outcome) {
      case Trial.Result transfers ->
          object.add("contenders", array(transfers.series(), ResultJson::series));
      case LagTrial.Result lags -> object.add("followers", array(lags.lags(), ResultJson::lags));
      case ChurnTrial.Result chases ->
          object.add("followers", array(chases.chases(), ResultJson::chase));
      case HundredTrial.Result hundred -> {
        object.add("followedSeconds", array(hundred.followedSeconds(), JsonPrimitive::new));
        object.add("rsyncSeconds", array(hundred.rsyncSeconds(), JsonPrimitive::new));
      }
      case WatchTrial.Result watch -> watch(object, watch);
      case CrowdTrial.Result crowd -> {
        object.addProperty("fileCount", crowd.fileCount());
        object.add("steps", array(crowd.steps(), ResultJson::crowdStep));
      }
      case ScalingTrial.Result scaling -> {
        object.add("files", array(scaling.files(), ResultJson::step));
        object.add("bytes", array(scaling.bytes(), ResultJson::step));
        object.add("lanes", array(scaling.lanes(), ResultJson::step));
      }
      case ThrottleTrial.Result throttle -> {
        object.add("runs", array(throttle.runs(), ResultJson::rateRun));
        object.add("changes", rateRun(throttle.changes()));
        object.addProperty("overhead", throttle.overhead());
      }
    }
    return object;
  }

  private static JsonObject crowdStep(CrowdTrial.Step step) {
    var object = new JsonObject();
    object.addProperty("step", step.label());
    object.addProperty("wallSeconds", step.wallSeconds());
    object.add("processes", array(step.usage().byName(), ResultJson::process));
    return object;
  }

  private static JsonObject step(ScalingTrial.Step step) {
    var object = new JsonObject();
    object.addProperty("size", step.size());
    object.addProperty("lanes", step.lanes());
    object.addProperty("wallSeconds", step.wallSeconds());
    object.addProperty("cpuSeconds", step.cpuSeconds());
    return object;
  }

  private static JsonObject rateRun(ThrottleTrial.Run run) {
    var object = new JsonObject();
    object.addProperty("lanes", run.lanes());
    var limits = new JsonArray();
    for (ThrottleTrial.Step step : run.steps()) {
      var limit = new JsonObject();
      limit.addProperty("second", step.second());
      limit.addProperty("megabits", step.megabits());
      limits.add(limit);
    }
    object.add("limits", limits);
    var samples = new JsonArray();
    for (ThrottleTrial.Sample sample : run.samples()) {
      var point = new JsonArray();
      point.add(sample.second());
      point.add(sample.bytes());
      samples.add(point);
    }
    object.add("bytesBySecond", samples);
    return object;
  }

  private static JsonObject lags(LagTrial.Lags lags) {
    var object = new JsonObject();
    object.addProperty("follower", lags.follower());
    object.add("changes", array(lags.samples(), ResultJson::sample));
    return object;
  }

  private static JsonObject sample(LagTrial.Sample sample) {
    var object = new JsonObject();
    object.addProperty("kind", sample.kind().name().toLowerCase(Locale.ROOT));
    object.addProperty("visibleMillis", sample.visibleMillis());
    object.addProperty("durableMillis", orNull(sample.durableMillis()));
    return object;
  }

  private static JsonObject chase(ChurnTrial.Chase chase) {
    var object = new JsonObject();
    object.addProperty("follower", chase.follower());
    object.addProperty("offeredPerSecond", chase.offeredPerSecond());
    object.addProperty("written", chase.written());
    object.addProperty("writtenPerSecond", chase.writtenPerSecond());
    object.add("standings", array(chase.standings(), ResultJson::standing));
    object.addProperty("equalSeconds", orNull(chase.equalSeconds()));
    object.addProperty("cleanSeconds", orNull(chase.cleanSeconds()));
    object.addProperty("differing", chase.differing());
    object.add("processes", array(chase.usage().byName(), ResultJson::process));
    return object;
  }

  private static JsonObject standing(Standing standing) {
    var object = new JsonObject();
    object.addProperty("state", standing.state());
    object.addProperty(
        "lagSeconds", Double.isInfinite(standing.lagSeconds()) ? null : standing.lagSeconds());
    object.addProperty("dirtyEntries", standing.dirtyEntries());
    object.addProperty("overflows", standing.overflows());
    return object;
  }

  private static void watch(JsonObject object, WatchTrial.Result watch) {
    object.addProperty("answeringSeconds", watch.answeringSeconds());
    object.addProperty("replicatingSeconds", watch.replicatingSeconds());
    object.add("start", array(watch.start().processes(), ResultJson::process));
    object.addProperty("idleSeconds", watch.idleLength().toSeconds());
    object.add("idle", array(watch.idle().processes(), ResultJson::process));
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static JsonObject series(Series series) {
    var object = new JsonObject();
    object.addProperty("contender", series.label());
    object.add("laps", array(series.laps(), ResultJson::lap));
    return object;
  }

  private static JsonObject lap(Lap lap) {
    var object = new JsonObject();
    object.addProperty("wallSeconds", lap.wallSeconds());
    object.addProperty("durableSeconds", lap.durableSeconds());
    object.addProperty("cpuSeconds", lap.cpuSeconds());
    object.addProperty(
        "wireBytes", lap.wireBytes().isPresent() ? lap.wireBytes().getAsLong() : null);
    object.addProperty("linkShare", orNull(lap.linkShare()));
    object.add("processes", array(lap.processes(), ResultJson::process));
    return object;
  }

  private static JsonObject process(ProcessUsage process) {
    var object = new JsonObject();
    object.addProperty("name", process.name());
    object.addProperty("cpuSeconds", process.cpuSeconds());
    object.addProperty("peakBytes", process.peakBytes());
    return object;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonElement> element) {
    var array = new JsonArray();
    items.forEach(item -> array.add(element.apply(item)));
    return array;
  }
}
