package io.driftless.source.session;

import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import java.util.List;
import java.util.Optional;

/**
 * How one entry stands on both sides, and why.
 *
 * @param reason one line; names in it are escaped
 * @param source what the source has, if it has and could tell
 * @param target what the target has, as well
 * @param left whether somebody else wrote to the target's entry
 * @param aspects side by side, where the target has the entry
 * @param problem of the last pass, with the entry or with a directory above it
 * @param compare whether content was compared, of a regular file
 */
public record Explanation(
    String volume,
    TreePath path,
    Finding finding,
    String reason,
    Optional<Kind> source,
    Optional<Kind> target,
    Left left,
    List<Aspect> aspects,
    Optional<Problem> problem,
    Compare compare) {
  /** What an entry is found to be. */
  public enum Finding {
    EQUAL,
    DIFFERS,
    SOURCE_ONLY,
    TARGET_ONLY,
    NEITHER,
    /** It is not part of the volume, by a pattern or because it is somebody's own. */
    EXCLUDED,
    /** It is on another file system, on one of the sides. */
    MOUNT_POINT,
    /** The path leads through something that is no directory. */
    OUTSIDE,
    /** It could not be carried, or can't be looked at. */
    PROBLEM,
    /** It changes while it is looked at, or did in the last pass. */
    BUSY
  }
}
