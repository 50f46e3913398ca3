package io.driftless.protocol.delta;

import java.lang.foreign.MemorySegment;

/** Where the literals of a delta go, in order. */
@FunctionalInterface
public interface Literals {
  /** Takes bytes that are only valid during the call. */
  void append(MemorySegment bytes);
}
