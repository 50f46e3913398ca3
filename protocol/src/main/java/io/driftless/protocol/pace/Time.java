package io.driftless.protocol.pace;

import java.util.concurrent.TimeUnit;

/** Time as it passes, and waiting for it. Thread-safe. */
public interface Time {
  /** Of the host; wall clocks don't touch it. */
  Time SYSTEM =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
          TimeUnit.NANOSECONDS.sleep(nanos);
        }
      };

  /** Nanoseconds since some moment; only differences mean anything. */
  long nanos();

  void sleep(long nanos) throws InterruptedException;
}
