package io.driftless.protocol.pace;

import java.util.Optional;
import java.util.OptionalLong;

/** How hard others on the host have it. */
public interface Gauge {
  /** Microseconds so far in which somebody waited for a disk; empty if nobody can tell. */
  OptionalLong ioMicros();

  /** The same for processors. */
  OptionalLong cpuMicros();

  /** A host that is never under pressure. */
  Gauge NONE =
      new Gauge() {
        @Override
        public OptionalLong ioMicros() {
          return OptionalLong.empty();
        }

        @Override
        public OptionalLong cpuMicros() {
          return OptionalLong.empty();
        }
      };

  /**
   * From when on the agent slows down: shares of the time, in 0..1, in which somebody waits.
   *
   * @param io empty where disks don't matter
   * @param cpu empty where processors don't matter
   */
  record Thresholds(Optional<Double> io, Optional<Double> cpu) {
    public static final Thresholds NONE = new Thresholds(Optional.empty(), Optional.empty());

    public boolean isNone() {
      return io.isEmpty() && cpu.isEmpty();
    }
  }
}
