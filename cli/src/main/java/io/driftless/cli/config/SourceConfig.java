package io.driftless.cli.config;

import java.util.List;
import java.util.SortedMap;

/**
 * What a source agent is told.
 *
 * @param lanes data connections to each target
 * @param targets addresses by name of the target
 */
public record SourceConfig(
    String name,
    int lanes,
    SortedMap<String, List<String>> targets,
    List<VolumeConfig.Outgoing> volumes,
    Considerateness considerateness) {
  public static final int LANES = 2;
}
