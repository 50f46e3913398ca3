package io.driftless.perf;

import io.driftless.perf.process.Usage.ProcessUsage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results for programs: one object, every lap in full. */
final class ResultJson {
  private ResultJson() {}

  static String of(Machine machine, List<Trial.Result> results) {
    return """
    {"schema": 1, "machine": %s, "scenarios": [
    %s
    ]}
    """
        .formatted(
            machine(machine),
            results.stream().map(ResultJson::scenario).collect(Collectors.joining(",\n")));
  }

  private static String machine(Machine machine) {
    return "{\"processor\": %s, \"cores\": %d, \"kernel\": %s, \"java\": %s, \"rsync\": %s, \"ssh\": %s, \"commit\": %s, \"date\": %s}"
        .formatted(
            text(machine.processor()),
            machine.cores(),
            text(machine.kernel()),
            text(machine.java()),
            text(machine.rsync()),
            text(machine.openSsh()),
            text(machine.commit()),
            text(machine.date().toString()));
  }

  private static String scenario(Trial.Result result) {
    return "{\"scenario\": %s, \"loadBefore\": %s, \"contenders\": [\n%s]}"
        .formatted(
            text(result.scenario().label()),
            number(result.loadBefore()),
            result.series().stream().map(ResultJson::series).collect(Collectors.joining(",\n")));
  }

  private static String series(Series series) {
    return "  {\"contender\": %s, \"laps\": [\n%s]}"
        .formatted(
            text(series.label()),
            series.laps().stream().map(ResultJson::lap).collect(Collectors.joining(",\n")));
  }

  private static String lap(Lap lap) {
    return "    {\"wallSeconds\": %s, \"durableSeconds\": %s, \"cpuSeconds\": %s, \"wireBytes\": %s, \"processes\": [%s]}"
        .formatted(
            number(lap.wallSeconds()),
            number(lap.durableSeconds()),
            number(lap.cpuSeconds()),
            lap.wireBytes().isPresent() ? Long.toString(lap.wireBytes().getAsLong()) : "null",
            lap.processes().stream().map(ResultJson::process).collect(Collectors.joining(", ")));
  }

  private static String process(ProcessUsage process) {
    return "{\"name\": %s, \"cpuSeconds\": %s, \"peakBytes\": %d}"
        .formatted(text(process.name()), number(process.cpuSeconds()), process.peakBytes());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Everything that is written here comes from this machine: control characters do not occur. */
  private static String text(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
