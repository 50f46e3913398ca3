package io.driftless.cli.config;

import java.util.List;

/**
 * What a target agent is told.
 *
 * @param listen {@code [HOST]:PORT}
 * @param passes over trees at a time
 * @param throttle what it may use up
 */
public record TargetConfig(
    String name,
    String listen,
    List<VolumeConfig.Incoming> volumes,
    int passes,
    ThrottleConfig throttle) {
  public static final int PASSES = 4;
}
