package io.driftless.perf.contender;

import io.driftless.perf.process.Command;

/**
 * {@code find} over both trees at a time, with a test that takes the status of every entry: what an
 * unchanged pass costs at least, when nothing is remembered, compared or sent.
 */
record StatusWalk(Course course) implements Contender {
  private static final String BOTH =
      "find \"$1\" -links +1000000 & find \"$2\" -links +1000000 & wait";

  @Override
  public Command command() {
    return Command.of("sh", "-c", BOTH, "sh", course.sourceTree(), course.targetTree());
  }
}
