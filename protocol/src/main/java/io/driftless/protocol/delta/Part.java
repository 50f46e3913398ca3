package io.driftless.protocol.delta;

/** A part of the new segment, and how it is encoded. */
record Part(Range range, Treatment treatment) {
  enum Treatment {
    /** Equal to the basis at its expected place. */
    MATCHED,
    LITERAL,
    SEARCHED
  }
}
