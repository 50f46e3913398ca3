package io.driftless.target.agent;

import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.wire.SessionEnd;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who asks for a volume, and how. */
record Opening(String agentId, String agentName, OpenVolume message) {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  /** Opens the volume, and says so. */
  @FunctionalInterface
  interface Way {
    void open(Opening opening, OpenConversation conversation)
        throws Refusal, IOException, InterruptedException;
  }

  /** Opens the volume in a way, or ends the conversation with the reason why not. */
  void carryOut(OpenConversation opened, Way way, BiConsumer<String, Refusal> whenRefused) {
    try {
      way.open(this, opened);
    } catch (Refusal refusal) {
      LOG.warn("volume {} refused to {}: {}", message.volume(), agentName, refusal.getMessage());
      whenRefused.accept(agentName, refusal);
      opened.end(refusal.asEnd());
    } catch (IOException | RuntimeException | Error e) { // the source waits for an answer
      LOG.error("volume {} can't be opened", message.volume(), e);
      opened.end(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE,
              "target-root",
              "volume %s can't be opened: %s".formatted(message.volume(), e.getMessage()),
              "see the log of the target agent"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The root that the source brings. */
  String sourceRoot() {
    RootIdentity root = message.root();
    return "%s:%d:%d".formatted(root.fileSystem(), root.inode(), root.inodeGeneration());
  }

  /** What it depends on what is remembered of the volume. */
  String identity() {
    return "%s %s %s".formatted(agentId, sourceRoot(), String.join("\n", message.filters()));
  }
}
