package io.driftless.perf.plot;

import java.util.List;
import java.util.Locale;

/** An SVG that is drawn from the back to the front. Coordinates are pixels from the top left. */
public final class Svg {
  public static final String TEXT = "#444";
  public static final String GRID = "#ddd";

  private final StringBuilder drawn = new StringBuilder();

  public Svg(int width, int height) {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">%n", width, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", width, height);
    add("<g font-family=\"sans-serif\" font-size=\"12\">%n");
  }

  /** Where a text is, seen from its point. */
  public enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A point of a line. */
  public record Point(double x, double y) {}

  public void line(Point from, Point to, String colour) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        from.x, from.y, to.x, to.y, colour);
  }

  public void text(Point at, Anchor anchor, String text) {
    text(at, anchor, TEXT, text);
  }

  public void text(Point at, Anchor anchor, String colour, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
        at.x, at.y, anchor.name().toLowerCase(Locale.ROOT), colour, escaped(text));
  }

  public void bar(Point topLeft, double width, double height, String colour) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
        topLeft.x, topLeft.y, width, height, colour);
  }

  public void polyline(List<Point> points, String colour, double width) {
    add("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" points=\"", colour, width);
    for (Point point : points) {
      add("%.1f,%.1f ", point.x, point.y);
    }
    add("\"/>%n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    drawn.append(String.format(Locale.ROOT, format, values));
  }

  /** The whole file. */
  public String text() {
    return drawn + "</g>\n</svg>\n";
  }
}
