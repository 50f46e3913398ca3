package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.source.scan.Sightings;
import java.time.Duration;
import java.util.List;

/**
 * What became of changes that were shipped.
 *
 * @param problems entries that could not be carried, directories that the target lacks, and busy
 *     files
 * @param sightings what concerns the next shipment
 * @param rest of what was postponed
 * @param entries that were listed
 */
public record Shipment(
    PassEnding ending, List<Problem> problems, Sightings sightings, Duration rest, long entries) {
  public Shipment {
    problems = List.copyOf(problems);
  }
}
