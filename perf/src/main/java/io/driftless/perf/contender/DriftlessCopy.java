package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import java.util.List;
import java.util.OptionalLong;

/** {@code driftless copy}: both agents in one process that starts cold. */
record DriftlessCopy(Course course) implements Contender {
  @Override
  public Command command() {
    return new Command(
        course
            .launcher()
            .words(
                List.of("copy", course.source().toString(), course.target().toString(), "--json")));
  }

  @Override
  public OptionalLong wireBytes(String output) {
    return PassOutput.wireBytes(output);
  }
}
