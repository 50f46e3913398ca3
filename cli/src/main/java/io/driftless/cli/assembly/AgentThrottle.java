package io.driftless.cli.assembly;

import io.driftless.cli.config.ThrottleConfig;
import io.driftless.cli.home.Home;
import io.driftless.protocol.linux.PressureStall;
import io.driftless.protocol.linux.PressureStall.Resource;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.pace.Gauge;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.Limits;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.wire.Transport;
import java.time.InstantSource;
import java.util.OptionalLong;

/** What makes the limits of an agent hold: on its wire and on its disk. */
final class AgentThrottle {
  private static final Gauge PRESSURE =
      new Gauge() {
        @Override
        public OptionalLong ioMicros() {
          return PressureStall.totalMicros(Resource.IO);
        }

        @Override
        public OptionalLong cpuMicros() {
          return PressureStall.totalMicros(Resource.CPU);
        }
      };

  private AgentThrottle() {}

  /** Begins to look at the clock; whoever asks closes it. */
  static Throttle start(
      ThrottleConfig config, Home home, Transport transport, DiskPace pace, InstantSource clock) {
    var throttle =
        new Throttle(
            clock,
            System::nanoTime,
            transport.pace()::bitsPerSecond,
            limits -> apply(limits, transport, pace),
            new KeptLimit(home.state()),
            PRESSURE);
    throttle.follow(config.calendar(), config.yields());
    throttle.start();
    return throttle;
  }

  private static void apply(Limits limits, Transport transport, DiskPace pace) {
    transport.pace().limitTo(bytes(limits.wire()));
    apply(limits.disk(), pace.bytes());
    apply(limits.walk(), pace.entries());
  }

  private static void apply(Limit limit, TokenBucket bucket) {
    limit.asOptional().ifPresentOrElse(bucket::limitTo, bucket::lift);
  }

  private static Limit bytes(Limit bits) {
    return bits.isUnlimited() ? bits : new Limit(Math.ceilDiv(bits.perSecond(), Byte.SIZE));
  }
}
