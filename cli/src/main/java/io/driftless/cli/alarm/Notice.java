package io.driftless.cli.alarm;

import io.driftless.source.session.VolumeStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is told.
 *
 * @param lag zero where the volume is not followed any more
 * @param state of the volume
 */
public record Notice(String agent, String volume, Change change, Duration lag, State state) {
  /** Which way. */
  public enum Change {
    RAISED,
    CLEARED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The words that follow those of the configuration. */
  List<String> arguments() {
    return List.of(volume, change.word(), seconds(), stateWord());
  }

  /** The same, with names. */
  Map<String, String> environment() {
    return Map.of(
        "DRIFTLESS_AGENT", agent,
        "DRIFTLESS_VOLUME", volume,
        "DRIFTLESS_ALARM", change.word(),
        "DRIFTLESS_LAG_SECONDS", seconds(),
        "DRIFTLESS_STATE", stateWord());
  }

  private String seconds() {
    return String.format(Locale.ROOT, "%.3f", lag.toMillis() / 1e3);
  }

  private String stateWord() {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
