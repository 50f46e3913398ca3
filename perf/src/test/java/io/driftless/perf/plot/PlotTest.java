package io.driftless.perf.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.driftless.perf.plot.Axis.Scale;
import io.driftless.perf.plot.BarPlot.Bar;
import io.driftless.perf.plot.BarPlot.Group;
import io.driftless.perf.plot.LinePlot.Line;
import io.driftless.perf.plot.Svg.Point;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class PlotTest {
  @Test
  void equal_ratios_are_equal_steps_on_a_logarithmic_axis() {
    var axis = new Axis(1, 10_000, Scale.LOGARITHMIC);

    assertThat(axis.share(100)).isCloseTo(0.5, within(1e-9));
    assertThat(axis.marks()).containsExactly(1.0, 10.0, 100.0, 1000.0, 10_000.0);
  }

  @Test
  void what_lies_beyond_an_end_is_drawn_at_it() {
    var axis = new Axis(1, 10, Scale.LOGARITHMIC);

    assertThat(axis.share(0)).isZero();
    assertThat(axis.share(11)).isEqualTo(1);
  }

  @Test
  void marks_of_a_linear_axis_are_round() {
    assertThat(new Axis(0, 37, Scale.LINEAR).marks())
        .containsExactly(0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0);
    assertThat(new Axis(0, 0.9, Scale.LINEAR).marks()).hasSize(5).startsWith(0.0, 0.2);
  }

  @Test
  void an_axis_needs_a_length() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Axis(1, 1, Scale.LINEAR));
    assertThatIllegalArgumentException().isThrownBy(() -> new Axis(0, 1, Scale.LOGARITHMIC));
  }

  @Test
  void powers_of_ten_surround_the_values() {
    assertThat(Axis.aroundLogarithmic(20, 5000)).isEqualTo(new Axis(10, 10_000, Scale.LOGARITHMIC));
    assertThat(Axis.aroundLogarithmic(100, 100)).isEqualTo(new Axis(100, 1000, Scale.LOGARITHMIC));
  }

  @Test
  void bars_are_as_long_as_their_values() throws Exception {
    var bars = List.of(new Bar("driftless", 1), new Bar("rsync", 4), new Bar("a < b", 0.5));

    Document svg = parse(new BarPlot("ratios", "driftless", List.of(new Group("one", bars))).svg());

    var drawn = svg.getElementsByTagName("rect");
    assertThat(drawn.getLength()).isEqualTo(4); // the first is the ground
    assertThat(width(drawn.item(2))).isCloseTo(4 * width(drawn.item(1)), within(0.5));
    assertThat(width(drawn.item(3))).isCloseTo(0.5 * width(drawn.item(1)), within(0.5));
    assertThat(((Element) drawn.item(1)).getAttribute("fill"))
        .isNotEqualTo(((Element) drawn.item(2)).getAttribute("fill"));
  }

  @Test
  void a_line_rises_with_its_values() throws Exception {
    var line = new Line("wall", "#06c", 2, List.of(new Point(1, 0), new Point(10, 5)));
    var axis = new Axis(1, 10, Scale.LOGARITHMIC);

    Document svg =
        parse(new LinePlot("t", axis, new Axis(0, 5, Scale.LINEAR), "s", List.of(line)).svg());

    String points = ((Element) svg.getElementsByTagName("polyline").item(0)).getAttribute("points");
    assertThat(points.strip()).isEqualTo("60.0,280.0 890.0,20.0");
  }

  private static double width(org.w3c.dom.Node bar) {
    return Double.parseDouble(((Element) bar).getAttribute("width"));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
