package io.driftless.perf;

import io.driftless.perf.ScalingTrial.Result;
import io.driftless.perf.ScalingTrial.Step;
import io.driftless.perf.plot.Axis;
import io.driftless.perf.plot.LinePlot;
import io.driftless.perf.plot.LinePlot.Line;
import io.driftless.perf.plot.Svg.Point;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** For people: how a seed grows with what is carried. */
final class ScalingTable {
  private static final double MICROS = 1e6;
  private static final double NANOS = 1e9;

  private ScalingTable() {}

  static String of(Result result) {
    var table = new StringBuilder();
    rows(table, "files", "us a file", MICROS, result.files());
    rows(table, "bytes", "ns a byte", NANOS, result.bytes());
    rows(table, "bytes", "ns a byte", NANOS, result.lanes());
    return table.toString();
  }

  private static void rows(
      StringBuilder table, String what, String unit, double scale, List<Step> steps) {
    line(table, "%12s %6s %9s %9s %10s %10s", what, "lanes", "s", "CPU s", unit, "CPU");
    for (Step step : steps) {
      line(
          table,
          "%12d %6d %9.2f %9.2f %10.3f %10.3f",
          step.size(),
          step.lanes(),
          step.wallSeconds(),
          step.cpuSeconds(),
          scale * step.wallSecondsEach(),
          scale * step.cpuSecondsEach());
    }
  }

  /** The trees of many files as lines: flat is linear. */
  static String filesSvg(Result result) {
    return svg("microseconds a file, by files", MICROS, result.files());
  }

  /** The single files. */
  static String bytesSvg(Result result) {
    return svg("nanoseconds a byte, by bytes", NANOS, result.bytes());
  }

  private static String svg(String title, double scale, List<Step> steps) {
    ToDoubleFunction<Step> wall = step -> scale * step.wallSecondsEach();
    ToDoubleFunction<Step> cpu = step -> scale * step.cpuSecondsEach();
    double most =
        steps.stream()
            .flatMapToDouble(
                each -> DoubleStream.of(wall.applyAsDouble(each), cpu.applyAsDouble(each)))
            .max()
            .orElseThrow();
    Axis sizes = Axis.aroundLogarithmic(steps.getFirst().size(), steps.getLast().size());
    return new LinePlot(
            title,
            sizes,
            new Axis(0, 1.1 * most, Axis.Scale.LINEAR),
            "",
            List.of(
                new Line("wall time", "#06c", 2, points(steps, wall)),
                new Line("CPU time", "#c60", 2, points(steps, cpu))))
        .svg();
  }

  private static List<Point> points(List<Step> steps, ToDoubleFunction<Step> value) {
    return steps.stream().map(step -> new Point(step.size(), value.applyAsDouble(step))).toList();
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
