package io.driftless.perf;

import io.driftless.perf.ThrottleTrial.Run;
import io.driftless.perf.ThrottleTrial.Step;
import io.driftless.perf.plot.Axis;
import io.driftless.perf.plot.LinePlot;
import io.driftless.perf.plot.LinePlot.Line;
import io.driftless.perf.plot.Svg.Point;
import java.util.ArrayList;
import java.util.List;

/** Rate over time, with the limit beside it. */
final class RatePlot {
  private static final double LEAST = 1;
  private static final double MOST = 2000;

  private RatePlot() {}

  static String svg(Run run) {
    double seconds = run.samples().getLast().second();
    List<Point> rates =
        new Rates(run)
            .windows(0.25, 0).stream()
                .map(rate -> new Point(rate.second(), rate.megabits()))
                .toList();
    return new LinePlot(
            "Mbit/s",
            new Axis(0, seconds, Axis.Scale.LINEAR),
            new Axis(LEAST, MOST, Axis.Scale.LOGARITHMIC),
            "s",
            List.of(
                new Line("limit", "#999", 4, limits(run.steps(), seconds)),
                new Line("over the last 250 ms", "#06c", 1.5, rates)))
        .svg();
  }

  private static List<Point> limits(List<Step> steps, double seconds) {
    var points = new ArrayList<Point>();
    for (int i = 0; i < steps.size(); i++) {
      double until = i + 1 < steps.size() ? steps.get(i + 1).second() : seconds;
      points.add(new Point(steps.get(i).second(), steps.get(i).megabits()));
      points.add(new Point(until, steps.get(i).megabits()));
    }
    return points;
  }
}
