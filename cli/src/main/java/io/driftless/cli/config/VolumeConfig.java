package io.driftless.cli.config;

import java.nio.file.Path;
import java.util.List;

/** A volume as it is configured on one of the two sides. */
public sealed interface VolumeConfig {
  String name();

  Path root();

  /**
   * A tree that goes out.
   *
   * @param target name of the target that it goes to
   * @param exclude patterns in the syntax of gitignore
   * @param weight how much of a limited wire it gets beside others
   */
  record Outgoing(
      String name,
      Path root,
      String target,
      List<String> exclude,
      Owners owners,
      boolean replicate,
      int weight)
      implements VolumeConfig {}

  /**
   * A tree that comes in.
   *
   * @param mounted whether a file system was mounted at the root when the volume was set up;
   *     without it the volume must wait
   */
  record Incoming(String name, Path root, boolean mounted) implements VolumeConfig {}

  /** How owners and groups are carried. */
  enum Owners {
    NUMERIC,
    NAME
  }
}
