package io.driftless.source.session;

import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.report.HashSink;
import io.driftless.source.report.ManifestException;
import java.util.List;

/**
 * Takes what a pass finds. Called by the thread that runs the pass, so it may wait for the disk.
 */
public interface PassFindings extends HashSink {
  void problems(List<Problem> found);

  /** In what entries differ, or what is done to them. */
  void differences(List<Difference> found);

  /** Comes from several threads at once, unlike the rest. */
  @Override
  void hashed(TreePath path, ContentSum content) throws ManifestException;

  void notices(List<Notice> found);

  /**
   * A directory whose entries are compared one by one, because not all of it is equal for sure.
   * Comes from several threads, and must not block.
   */
  default void unequal(TreePath directory) {}

  /** Where something was mounted at earlier passes. */
  List<TreePath> mountPoints();

  /** Where something is mounted that was not known of. */
  void mountPoints(List<TreePath> more);

  /** What was mounted at earlier passes no longer counts. */
  void forgetMountPoints();

  /** What the target says of the volume when it opens. */
  void met(long generation, long seed);
}
