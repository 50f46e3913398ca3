package io.driftless.perf;

/** What a scenario came to. */
sealed interface Outcome
    permits Trial.Result, LagTrial.Result, ChurnTrial.Result, WatchTrial.Result {
  String label();

  String description();

  /** Of the machine, over the minute before. */
  double loadBefore();
}
