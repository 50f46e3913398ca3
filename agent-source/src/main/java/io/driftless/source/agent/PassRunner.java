package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.wire.Session;
import io.driftless.source.session.PassRequest;
import java.util.List;

/** Makes attempts at passes. */
@FunctionalInterface
public interface PassRunner {
  PassAttempt attempt(
      Session session, VolumeSettings volume, PassRequest request, long pass, Findings findings);

  /** Takes what a pass finds; from several threads, and may wait for the disk. */
  interface Findings {
    void problems(List<Problem> found);

    void notices(List<Notice> found);

    /** What the target says of the volume when it opens. */
    void met(long generation, long seed);
  }
}
