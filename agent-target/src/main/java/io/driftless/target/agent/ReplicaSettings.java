package io.driftless.target.agent;

import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.target.session.Shared;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One volume of a target agent, as configured.
 *
 * @param root absolute
 * @param mounting how the root was when the volume was set up
 * @param windows how much may be outstanding from a source
 * @param witnesses a file of the agent's own, for what is known of the volume's slices; absent
 *     where nothing is to be remembered
 * @param shared with all volumes of the agent
 */
public record ReplicaSettings(
    String name,
    Path root,
    Mounting mounting,
    Windows windows,
    Optional<Path> witnesses,
    Shared shared) {
  /** Whether a root is a file system of its own. */
  public enum Mounting {
    MOUNT_POINT,
    PLAIN_DIRECTORY
  }
}
