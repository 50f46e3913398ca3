package io.driftless.protocol.delta;

import io.driftless.protocol.tree.Digest;
import java.util.List;

/**
 * How one segment comes from the basis, or a part of it.
 *
 * @param covered what the runs add up to; less than the segment where the file has shrunk
 * @param runs at most {@link #RUNS_MAX}; neighbours that are one are one
 * @param digest of the content, see {@code Composition}
 */
public record Delta(Range covered, List<Run> runs, Digest digest) {
  /** From here on matches become literals. */
  public static final int RUNS_MAX = 16 * 1024;

  public Delta {
    runs = List.copyOf(runs);
    if (runs.size() > RUNS_MAX || !addUp(runs, covered.length())) {
      throw new IllegalArgumentException("%d runs for %s".formatted(runs.size(), covered));
    }
  }

  private static boolean addUp(List<Run> runs, long bytes) {
    long left = bytes;
    for (Run run : runs) {
      if (run.length() > left) {
        return false;
      }
      left -= run.length();
    }
    return left == 0;
  }
}
