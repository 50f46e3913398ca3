package io.driftless.perf.contender;

import java.nio.file.Path;

/**
 * Where the contenders run.
 *
 * @param work an empty directory for what they need besides; neither in the source nor the target
 * @param launcher the command that starts Driftless
 */
public record Course(Path source, Path target, Path work, Path launcher) {
  /** The tree itself, not the directory as an entry of another. */
  String sourceTree() {
    return source + "/";
  }

  String targetTree() {
    return target + "/";
  }
}
