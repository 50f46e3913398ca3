package io.driftless.perf;

import io.driftless.perf.Rates.Rate;
import io.driftless.perf.ThrottleTrial.Run;
import io.driftless.perf.ThrottleTrial.Step;
import java.util.List;
import java.util.Locale;

/** Rate over time, with the limit beside it, as an SVG. The rate's axis is logarithmic. */
final class RatePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int BOTTOM = 40;
  private static final int TOP = 20;
  private static final double LEAST = 1;
  private static final double MOST = 2000;

  private final Run run;
  private final double seconds;
  private final StringBuilder svg = new StringBuilder();

  private RatePlot(Run run) {
    this.run = run;
    this.seconds = run.samples().getLast().second();
  }

  static String svg(Run run) {
    return new RatePlot(run).draw();
  }

  private String draw() {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">%n", WIDTH, HEIGHT);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT);
    add("<g font-family=\"sans-serif\" font-size=\"12\" fill=\"#444\">%n");
    for (double rate = LEAST; rate < MOST; rate *= 10) {
      add(
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
          LEFT, y(rate), WIDTH - 10, y(rate));
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n",
          LEFT - 6, y(rate) + 4, rate);
    }
    for (int second = 0; second <= seconds; second += 5) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>%n",
          x(second), HEIGHT - BOTTOM + 18, second);
    }
    add(
        "<text x=\"%d\" y=\"14\">Mbit/s: limit (grey), over the last 250 ms (blue)</text>%n</g>%n",
        LEFT);
    limits();
    rates();
    return add("</svg>%n").toString();
  }

  private void limits() {
    add("<polyline fill=\"none\" stroke=\"#999\" stroke-width=\"4\" points=\"");
    List<Step> steps = run.steps();
    for (int i = 0; i < steps.size(); i++) {
      double until = i + 1 < steps.size() ? steps.get(i + 1).second() : seconds;
      point(steps.get(i).second(), steps.get(i).megabits());
      point(until, steps.get(i).megabits());
    }
    add("\"/>%n");
  }

  private void rates() {
    add("<polyline fill=\"none\" stroke=\"#06c\" stroke-width=\"1.5\" points=\"");
    for (Rate rate : new Rates(run).windows(0.25, 0)) {
      point(rate.second(), rate.megabits());
    }
    add("\"/>%n");
  }

  private void point(double second, double megabits) {
    add("%.1f,%.1f ", x(second), y(megabits));
  }

  private double x(double second) {
    return LEFT + second / seconds * (WIDTH - LEFT - 10);
  }

  private double y(double megabits) {
    double share = Math.log(Math.clamp(megabits, LEAST, MOST) / LEAST) / Math.log(MOST / LEAST);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private StringBuilder add(String format, Object... values) {
    return svg.append(String.format(Locale.ROOT, format, values));
  }
}
