package io.driftless.perf;

/** What a scenario came to. */
sealed interface Outcome
    permits Trial.Result,
        LagTrial.Result,
        ChurnTrial.Result,
        HundredTrial.Result,
        ScalingTrial.Result,
        WatchTrial.Result,
        CrowdTrial.Result,
        ThrottleTrial.Result {
  Subject scenario();

  /** Of the machine, over the minute before. */
  double loadBefore();

  default String label() {
    return scenario().label();
  }

  default String description() {
    return scenario().description();
  }
}
