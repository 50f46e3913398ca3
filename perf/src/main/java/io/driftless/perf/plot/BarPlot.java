package io.driftless.perf.plot;

import io.driftless.perf.plot.Svg.Anchor;
import io.driftless.perf.plot.Svg.Point;
import java.util.List;
import java.util.Locale;

/**
 * Groups of horizontal bars, the numbers beside them.
 *
 * @param title what there is to see
 * @param marked the label of the bars that stand out
 */
public record BarPlot(String title, String marked, List<Group> groups) {
  private static final int WIDTH = 900;
  private static final int LEFT = 180;
  private static final int RIGHT = 60;
  private static final int TOP = 34;
  private static final int ROW = 18;
  private static final int BAR = 12;
  private static final int GAP = 12;
  private static final String MARKED = "#06c";
  private static final String OTHERS = "#999";

  public BarPlot {
    groups = List.copyOf(groups);
  }

  public record Group(String label, List<Bar> bars) {
    public Group {
      bars = List.copyOf(bars);
    }
  }

  /** One bar; its value is not negative. */
  public record Bar(String label, double value) {}

  public String svg() {
    int height = TOP;
    double most = 1;
    for (Group group : groups) {
      height += ROW * (group.bars.size() + 1) + GAP;
      for (Bar bar : group.bars) {
        most = Math.max(most, bar.value);
      }
    }
    var svg = new Svg(WIDTH, height);
    svg.text(new Point(GAP, 18), Anchor.START, title);
    double y = TOP;
    for (Group group : groups) {
      svg.text(new Point(GAP, y + BAR), Anchor.START, group.label);
      y += ROW;
      for (Bar bar : group.bars) {
        row(svg, y, bar, most);
        y += ROW;
      }
      y += GAP;
    }
    double one = LEFT + (WIDTH - LEFT - RIGHT) / most;
    svg.line(new Point(one, TOP), new Point(one, height - (double) GAP), Svg.GRID);
    return svg.text();
  }

  private void row(Svg svg, double y, Bar bar, double most) {
    double width = bar.value / most * (WIDTH - LEFT - RIGHT);
    svg.text(new Point(LEFT - 6, y + BAR - 1), Anchor.END, bar.label);
    svg.bar(new Point(LEFT, y), width, BAR, bar.label.equals(marked) ? MARKED : OTHERS);
    svg.text(
        new Point(LEFT + width + 4, y + BAR - 1),
        Anchor.START,
        String.format(Locale.ROOT, "%.2f", bar.value));
  }
}
