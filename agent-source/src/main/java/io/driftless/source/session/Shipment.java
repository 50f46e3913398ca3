package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import java.util.List;
import java.util.Set;

/**
 * What became of changes that were shipped.
 *
 * @param problems entries that could not be carried, directories that the target lacks, and busy
 *     files
 * @param postponed names that only a pass over everything can bring over
 * @param entries that were listed
 */
public record Shipment(
    PassEnding ending, List<Problem> problems, Set<TreePath> postponed, long entries) {
  public Shipment {
    problems = List.copyOf(problems);
    postponed = Set.copyOf(postponed);
  }
}
