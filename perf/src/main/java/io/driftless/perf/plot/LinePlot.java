package io.driftless.perf.plot;

import io.driftless.perf.plot.Svg.Anchor;
import io.driftless.perf.plot.Svg.Point;
import java.util.List;
import java.util.Locale;

/**
 * Lines over two axes, with a title.
 *
 * @param title what there is to see, units included
 */
public record LinePlot(String title, Axis x, Axis y, String xUnit, List<Line> lines) {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int RIGHT = 10;
  private static final int BOTTOM = 40;
  private static final int TOP = 20;
  private static final int LEGEND_WIDTH = 160;

  public LinePlot {
    lines = List.copyOf(lines);
  }

  /** One line; its points are values, not pixels. */
  public record Line(String label, String colour, double width, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  public String svg() {
    var svg = new Svg(WIDTH, HEIGHT);
    for (double mark : y.marks()) {
      svg.line(at(x.least(), mark), at(x.most(), mark), Svg.GRID);
      Point label = at(x.least(), mark);
      svg.text(new Point(label.x() - 6, label.y() + 4), Anchor.END, number(mark));
    }
    for (double mark : x.marks()) {
      svg.text(
          new Point(at(mark, y.least()).x(), HEIGHT - BOTTOM + 18.0),
          Anchor.MIDDLE,
          (number(mark) + " " + xUnit).strip());
    }
    svg.text(new Point(LEFT, 14), Anchor.START, title);
    double legend = WIDTH - RIGHT;
    for (Line line : lines.reversed()) {
      svg.text(new Point(legend, 14), Anchor.END, line.colour, line.label);
      legend -= LEGEND_WIDTH;
    }
    for (Line line : lines) {
      List<Point> points = line.points.stream().map(each -> at(each.x(), each.y())).toList();
      svg.polyline(points, line.colour, line.width);
    }
    return svg.text();
  }

  private Point at(double valueX, double valueY) {
    return new Point(
        LEFT + x.share(valueX) * (WIDTH - LEFT - RIGHT),
        HEIGHT - BOTTOM - y.share(valueY) * (HEIGHT - BOTTOM - TOP));
  }

  private static String number(double value) {
    if (value != 0 && Math.abs(value) < 0.01) {
      return String.format(Locale.ROOT, "%.0e", value);
    }
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ')
        : String.format(Locale.ROOT, "%s", Math.round(value * 1000) / 1000.0);
  }
}
