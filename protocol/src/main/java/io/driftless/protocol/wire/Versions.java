package io.driftless.protocol.wire;

import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.wire.WireException.Retry;

/** Agrees on the version of the protocol: the newest that both sides speak. */
final class Versions {
  static final String SLUG = "version-mismatch";
  private static final String HINT = "install the same version of driftless on both hosts";

  private Versions() {}

  /** The version to speak with a peer, 0 if there is none. */
  static int agreed(Hello hello) {
    return hello.versionMin() <= Transport.VERSION && Transport.VERSION <= hello.versionMax()
        ? Transport.VERSION
        : 0;
  }

  /** What a target tells a source with which it shares no version. */
  static Refused refusal(Hello hello, String software) {
    return new Refused(
        SLUG,
        "the source (%s) speaks protocol %s, this target (%s) speaks %s"
            .formatted(
                hello.software(),
                range(hello.versionMin(), hello.versionMax()),
                software,
                range(Transport.VERSION, Transport.VERSION)),
        HINT);
  }

  static WireException mismatch(Hello ours, int theirsMin, int theirsMax) {
    return new WireException(
        SLUG,
        "the target speaks protocol %s, this source (%s) speaks %s"
            .formatted(
                range(theirsMin, theirsMax),
                ours.software(),
                range(ours.versionMin(), ours.versionMax())),
        HINT,
        Retry.POINTLESS);
  }

  private static String range(int min, int max) {
    return min == max ? String.valueOf(min) : min + " to " + max;
  }
}
