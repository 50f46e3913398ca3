package io.driftless.perf.contender;

import io.driftless.perf.process.Command;

/** {@code cp -a}: what the file system costs when nothing is sent. */
record LocalCopy(Course course) implements Contender {
  @Override
  public Command command() {
    return Command.of("cp", "-a", course.source() + "/.", course.targetTree());
  }
}
