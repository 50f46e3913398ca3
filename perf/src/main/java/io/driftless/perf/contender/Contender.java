package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.Service;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** A program that makes a target equal to a source, ready to go until it is closed. */
public interface Contender extends AutoCloseable {
  /** What carries everything from the source into the empty target. */
  Command command() throws IOException;

  /** The services that take part; what they use counts. */
  default List<Service> services() {
    return List.of();
  }

  /** How many bytes went over the wire in both directions, according to what the command said. */
  default OptionalLong wireBytes(String output) {
    return OptionalLong.empty();
  }

  @Override
  default void close() throws IOException, InterruptedException {}
}
