package io.driftless.perf;

import io.driftless.perf.contender.Kind;
import io.driftless.perf.plot.BarPlot;
import io.driftless.perf.plot.BarPlot.Bar;
import io.driftless.perf.plot.BarPlot.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws what there is to draw: seeds and passes together in one file. Of {@code scaling} there are
 * two, which have what grows at the end of their names.
 */
record Plots(Path file) {
  void draw(List<Outcome> outcomes) throws IOException {
    var groups = new ArrayList<Group>();
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Trial.Result transfers -> group(transfers).ifPresent(groups::add);
        case ThrottleTrial.Result throttle ->
            Files.writeString(beside(""), RatePlot.svg(throttle.changes()));
        case ScalingTrial.Result scaling -> {
          Files.writeString(beside("-files"), ScalingTable.filesSvg(scaling));
          Files.writeString(beside("-bytes"), ScalingTable.bytesSvg(scaling));
        }
        case LagTrial.Result _,
            ChurnTrial.Result _,
            HundredTrial.Result _,
            WatchTrial.Result _,
            CrowdTrial.Result _ -> {}
      }
    }
    if (!groups.isEmpty()) {
      Files.writeString(file, ratios(groups));
    }
  }

  /** Nothing if Driftless, to which all is compared, took no part. */
  static Optional<Group> group(Trial.Result result) {
    return result
        .driftless()
        .map(base ->
            new Group(
                result.label() + ": " + result.description(),
                result.series().stream()
                    .map(each -> new Bar(each.label(), each.timesAsLongAs(base, Lap::wallSeconds)))
                    .toList()));
  }

  static String ratios(List<Group> groups) {
    return new BarPlot("Times as long as driftless", Kind.DRIFTLESS.label(), groups).svg();
  }

  private Path beside(String suffix) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot < 0 ? name : name.substring(0, dot);
    return file.resolveSibling(stem + suffix + (dot < 0 ? "" : name.substring(dot)));
  }
}
