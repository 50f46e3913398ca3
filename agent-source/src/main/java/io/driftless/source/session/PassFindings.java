package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import java.util.List;

/**
 * Takes what a pass finds. Called by the thread that runs the pass, so it may wait for the disk.
 */
public interface PassFindings {
  void problems(List<Problem> found);

  void notices(List<Notice> found);

  /** What the target says of the volume when it opens. */
  void met(long generation, long seed);
}
