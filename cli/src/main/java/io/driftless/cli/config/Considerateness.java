package io.driftless.cli.config;

import io.driftless.cli.quantity.EntryRate;
import io.driftless.cli.quantity.Rate;
import io.driftless.protocol.linux.Priority;

/**
 * How a source agent makes room for the other work of its host.
 *
 * @param disk how fast content may be read
 * @param walk how many entries a pass over a tree may look at
 * @param priority of such a pass
 */
public record Considerateness(Rate disk, EntryRate walk, Priority priority) {
  public static final Considerateness USUAL =
      new Considerateness(Rate.UNLIMITED, EntryRate.UNLIMITED, Priority.LOW);
}
