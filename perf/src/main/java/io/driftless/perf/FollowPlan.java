package io.driftless.perf;

import io.driftless.perf.contender.FollowerKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How it is measured that a target follows.
 *
 * @param changes how many single changes
 * @param churn how long small files are written
 * @param idle how long nothing happens
 * @param launcher the command that starts Driftless
 */
record FollowPlan(
    List<FollowerKind> followers, int changes, Duration churn, Duration idle, Path launcher) {
  FollowPlan {
    followers = List.copyOf(followers);
  }
}
