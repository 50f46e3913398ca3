package io.driftless.cli.config;

import java.util.List;

/**
 * What a target agent is told.
 *
 * @param listen {@code [HOST]:PORT}
 * @param throttle what it may use up
 */
public record TargetConfig(
    String name, String listen, List<VolumeConfig.Incoming> volumes, ThrottleConfig throttle) {}
