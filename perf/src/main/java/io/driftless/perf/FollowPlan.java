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
 * @param launcher the command that starts Driftless
 */
record FollowPlan(
    List<FollowerKind> followers,
    int changes,
    Duration churn,
    OptionalInt perSecond,
    int rounds,
    Duration idle,
    Launcher launcher) {
  FollowPlan {
    followers = List.copyOf(followers);
  }
}
