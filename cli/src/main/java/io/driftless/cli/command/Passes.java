package io.driftless.cli.command;

import io.driftless.cli.json.Envelope;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Passes of an agent, in this process or behind a control socket. */
interface Passes {
  /** Asks for a pass; returns its number. */
  long request(String volume, PassRequest request) throws IOException;

  /** As {@link #request(String, PassRequest)} for several volumes; the passes by volume. */
  default Map<String, Long> request(List<String> volumes, PassRequest request) throws IOException {
    var asked = new LinkedHashMap<String, Long>();
    for (String volume : volumes) {
      asked.put(volume, request(volume, request));
    }
    return asked;
  }

  /** How far a pass has come; waits for its end first, but no longer than that. */
  PassProgress progress(String volume, long pass, Duration wait)
      throws IOException, InterruptedException;

  /** What keeps a pass from beginning: a target that isn't connected. One line. */
  Optional<String> obstacle(String volume) throws IOException;

  /** What the agent may use; empty where nothing limits it. */
  default Optional<ThrottleStatus> throttle() throws IOException {
    return Optional.empty();
  }

  /** How many entries the pass before had. */
  OptionalLong entriesBefore(String volume) throws IOException;

  /** What a pass told of entries, in the order of their paths, after the one with this number. */
  List<NumberedDifference> differences(String volume, long pass, long after) throws IOException;

  Envelope envelope() throws IOException;
}
