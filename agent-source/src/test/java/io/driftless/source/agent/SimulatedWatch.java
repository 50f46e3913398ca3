package io.driftless.source.agent;

import io.driftless.source.watch.DirtySet;

/** Notices what the simulation tells, or nothing at all. */
record SimulatedWatch(boolean isBlind) implements Watch {
  @Override
  public boolean hasNoRoot() {
    return false;
  }

  @Override
  public String method() {
    return isBlind ? BLIND : "simulated";
  }

  @Override
  public String reason() {
    return isBlind ? "there is a limit" : "";
  }

  @Override
  public long overflows() {
    return 0;
  }

  @Override
  public void sweep(DirtySet dirty) {}

  @Override
  public void close() {}
}
