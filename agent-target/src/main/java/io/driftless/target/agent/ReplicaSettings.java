package io.driftless.target.agent;

import java.nio.file.Path;

/**
 * One volume of a target agent, as configured.
 *
 * @param root absolute
 * @param mounting how the root was when the volume was set up
 */
public record ReplicaSettings(String name, Path root, Mounting mounting) {
  /** Whether a root is a file system of its own. */
  public enum Mounting {
    MOUNT_POINT,
    PLAIN_DIRECTORY
  }
}
