package io.driftless.cli.config;

import io.driftless.cli.quantity.Rate;
import java.util.List;

/**
 * What a target agent is told.
 *
 * @param listen {@code [HOST]:PORT}
 * @param disk how fast content may be read
 */
public record TargetConfig(
    String name, String listen, List<VolumeConfig.Incoming> volumes, Rate disk) {}
