package io.driftless.perf;

import io.driftless.perf.ThrottleTrial.Result;
import io.driftless.perf.ThrottleTrial.Run;
import io.driftless.perf.ThrottleTrial.Step;
import java.util.Locale;
import java.util.OptionalDouble;

/** Rates for people. */
final class RateTable {
  private RateTable() {}

  static String of(Result result) {
    var table = new StringBuilder();
    line(table, "%6s %8s %18s %8s", "lanes", "Mbit/s", "worst second, off", "mean off");
    for (Run run : result.runs()) {
      int megabits = run.steps().getFirst().megabits();
      var rates = new Rates(run);
      line(
          table,
          "%6d %8d %16.1f %% %6.2f %%",
          run.lanes(),
          megabits,
          100 * rates.worst(megabits),
          100 * rates.mean(megabits));
    }
    Run changes = result.changes();
    var rates = new Rates(changes);
    double end = changes.samples().getLast().second();
    for (int i = 1; i < changes.steps().size(); i++) {
      Step step = changes.steps().get(i);
      double until = i + 1 < changes.steps().size() ? changes.steps().get(i + 1).second() : end;
      OptionalDouble effect = rates.effect(step.second(), until, step.megabits());
      line(
          table,
          "change to %d Mbit/s: %s",
          step.megabits(),
          effect.isPresent()
              ? String.format(Locale.ROOT, "in effect after %.2f s", effect.getAsDouble())
              : "not in effect");
    }
    line(table, "a limit that is never reached: %.3f times the seconds of none", result.overhead());
    return table.toString();
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
