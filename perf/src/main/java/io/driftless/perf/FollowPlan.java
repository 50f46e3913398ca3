package io.driftless.perf;

import io.driftless.perf.contender.FollowerKind;
import io.driftless.perf.contender.Launcher;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How it is measured that a target follows.
 *
 * @param changes how many single changes
 * @param churn how long small files are written
 * @param perSecond how many of them; empty for what the scenario says
 * @param rounds how often a hundred files are changed, or each size is seeded
 * @param idle how long nothing happens
 * @param crowdFiles how many empty files are carried
 * @param launcher the command that starts Driftless
 */
record FollowPlan(
    List<FollowerKind> followers,
    int changes,
    Duration churn,
    OptionalInt perSecond,
    int rounds,
    Duration idle,
    int crowdFiles,
    Launcher launcher) {
  /** There are inodes for no more, on both sides. */
  static final int CROWD_FILES_MAX = 10_000_000;

  FollowPlan {
    if (crowdFiles < 1 || crowdFiles > CROWD_FILES_MAX) {
      throw new IllegalArgumentException("--files: from 1 to " + CROWD_FILES_MAX);
    }
    followers = List.copyOf(followers);
  }
}
