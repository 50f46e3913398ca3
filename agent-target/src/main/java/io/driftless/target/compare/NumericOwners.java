package io.driftless.target.compare;

import io.driftless.protocol.tree.Metadata;

/** The same numbers on both sides. */
public record NumericOwners() implements Owners {
  @Override
  public Metadata toTarget(Metadata ofSource) {
    return ofSource;
  }

  @Override
  public Metadata toSource(Metadata ofTarget) {
    return ofTarget;
  }
}
