package io.driftless.cli.config;

import java.time.Duration;
import java.util.List;

/**
 * When somebody is to be told.
 *
 * @param lag beyond which a volume lags too far
 * @param run program and first arguments; empty where it is only logged
 */
public record AlarmConfig(Duration lag, List<String> run) {
  public AlarmConfig {
    run = List.copyOf(run);
  }
}
