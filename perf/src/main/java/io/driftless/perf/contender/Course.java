package io.driftless.perf.contender;

import io.driftless.perf.link.Route;
import java.nio.file.Path;

/**
 * Where the contenders run.
 *
 * @param work an empty directory for what they need besides; neither in the source nor the target
 * @param launcher the command that starts Driftless
 * @param route the way from the source's side to a port of the target's
 */
public record Course(Path source, Path target, Path work, Launcher launcher, Route route) {
  /** Where nothing lies between the two sides. */
  public Course(Path source, Path target, Path work, Launcher launcher) {
    this(source, target, work, launcher, Route.DIRECT);
  }

  /** The tree itself, not the directory as an entry of another. */
  String sourceTree() {
    return source + "/";
  }

  String targetTree() {
    return target + "/";
  }
}
