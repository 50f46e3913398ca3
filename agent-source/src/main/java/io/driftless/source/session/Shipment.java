package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.source.scan.Sightings;
import java.util.List;

/**
 * What became of changes that were shipped.
 *
 * @param problems entries that could not be carried, directories that the target lacks, and busy
 *     files
 * @param sightings what concerns the next shipment
 * @param hasGroups names of inodes with several were among them, perhaps not all of those
 * @param entries that were listed
 */
public record Shipment(
    PassEnding ending,
    List<Problem> problems,
    Sightings sightings,
    boolean hasGroups,
    long entries) {
  public Shipment {
    problems = List.copyOf(problems);
  }
}
