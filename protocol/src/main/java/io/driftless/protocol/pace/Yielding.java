package io.driftless.protocol.pace;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * By how much the agent holds back while others on the host stand still: quickly less, slowly more
 * again, never to a standstill. Not thread-safe; asked about once a second.
 */
final class Yielding {
  /** Share of the full speed that is always left. */
  static final double LEAST = 0.05;

  private static final double LESS = 0.7;
  private static final double MORE = 0.1;

  /** It gets faster again only where there is that much less pressure than the threshold. */
  private static final double HYSTERESIS = 0.6;

  private final Gauge gauge;
  private final Series io = new Series("I/O");
  private final Series cpu = new Series("CPU");
  private double factor = 1;
  private String cause = "";

  Yielding(Gauge gauge) {
    this.gauge = gauge;
  }

  /** One kind of pressure over time. */
  private static final class Series {
    final String name;
    OptionalLong last = OptionalLong.empty();
    double share;

    Series(String name) {
      this.name = name;
    }

    void read(OptionalLong micros, long nanos) {
      share =
          last.isPresent() && micros.isPresent() && nanos > 0
              ? (micros.getAsLong() - last.getAsLong()) * 1e3 / nanos
              : 0;
      last = micros;
    }

    /** How many times the threshold it is. */
    double excess(Optional<Double> threshold) {
      return threshold.map(most -> share / most).orElse(0.0);
    }
  }

  /**
   * Looks again.
   *
   * @param nanos since the last look
   */
  void look(Gauge.Thresholds thresholds, long nanos) {
    if (thresholds.isNone()) {
      factor = 1;
      cause = "";
      return;
    }
    io.read(gauge.ioMicros(), nanos);
    cpu.read(gauge.cpuMicros(), nanos);
    double excess = Math.max(io.excess(thresholds.io()), cpu.excess(thresholds.cpu()));
    Series worse = io.excess(thresholds.io()) >= cpu.excess(thresholds.cpu()) ? io : cpu;
    if (excess > 1) {
      factor = Math.max(LEAST, factor * LESS);
      cause = "%s pressure %.0f %%".formatted(worse.name, 100 * Math.min(1, worse.share));
    } else if (excess < HYSTERESIS) {
      factor = Math.min(1, factor + MORE);
    }
    if (factor == 1) {
      cause = "";
    }
  }

  /** Share of the full speed, in 0.05..1. */
  double factor() {
    return factor;
  }

  /** What the reason is; empty at full speed. */
  String cause() {
    return cause;
  }
}
