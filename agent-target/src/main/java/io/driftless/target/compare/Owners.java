package io.driftless.target.compare;

import io.driftless.protocol.tree.Metadata;

/** Translates owners between the numbers of the source and those of the target. Thread-safe. */
public sealed interface Owners permits NumericOwners, NamedOwners {
  /** As the target shall have it. */
  Metadata toTarget(Metadata ofSource);

  /** As the source would say it. */
  Metadata toSource(Metadata ofTarget);
}
