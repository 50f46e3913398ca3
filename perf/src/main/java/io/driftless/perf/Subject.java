package io.driftless.perf;

/** What a trial is about. */
sealed interface Subject permits Scenario, Following {
  String label();

  String description();
}
