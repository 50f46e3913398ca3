package io.driftless.target.agent;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.target.stage.RedoRecovery;
import io.driftless.target.stage.StagingArea;
import io.driftless.target.stage.StagingException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an ended session has left in a volume. Nothing may write to it at the same time. */
final class LooseEnds {
  private static final Logger LOG = LoggerFactory.getLogger(LooseEnds.class);

  private LooseEnds() {}

  /** Finishes what was being changed where it lies. */
  static void finish(ReplicaSettings volume) throws Refusal, IOException {
    RootCheck.check(volume);
    try (ConfinedRoot root = ConfinedRoot.open(volume.root().toString())) {
      new RedoRecovery(root).runAndTell(volume.name());
    }
  }

  /** As {@link #finish}, discards what was not complete, and makes all of it durable. */
  static void tieUp(ReplicaSettings volume) throws Refusal, IOException {
    RootCheck.check(volume);
    try (ConfinedRoot root = ConfinedRoot.open(volume.root().toString());
        var area = new StagingArea(root, ThisProcess.effectiveUid(), ThisProcess.effectiveGid())) {
      new RedoRecovery(root).runAndTell(volume.name());
      area.discard();
      root.fd().syncFileSystem();
    } catch (StagingException e) {
      LOG.info("volume {}: {}", volume.name(), e.getMessage()); // nothing in it is ours
    }
  }
}
