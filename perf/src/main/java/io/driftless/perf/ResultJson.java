package io.driftless.perf;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.driftless.perf.process.Usage.ProcessUsage;
import java.util.List;
import java.util.function.Function;

/** Results for programs: one object, every lap in full. */
final class ResultJson {
  private static final int SCHEMA = 1;

  private ResultJson() {}

  static String of(Machine machine, List<Trial.Result> results) {
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

  private static JsonObject scenario(Trial.Result result) {
    var object = new JsonObject();
    object.addProperty("scenario", result.scenario().label());
    object.addProperty("loadBefore", result.loadBefore());
    object.add("contenders", array(result.series(), ResultJson::series));
    return object;
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
