package io.driftless.target.agent;

import java.time.Instant;
import java.time.InstantSource;

/** What is shown of what goes on in a volume. Thread-safe. */
final class Activity {
  private final InstantSource clock;
  private volatile Shown now;

  Activity(InstantSource clock) {
    this.clock = clock;
    this.now = new Shown("new", "no source has connected yet", clock.instant(), 0, "");
  }

  /**
   * A state.
   *
   * @param problems of the last pass
   * @param next what happens next, may be empty
   */
  record Shown(String state, String reason, Instant since, long problems, String next) {}

  Shown shown() {
    return now;
  }

  /** Takes up another state; the problems are those of before. */
  void become(String state, String reason) {
    become(state, reason, now.problems());
  }

  void become(String state, String reason, long problems) {
    now = new Shown(state, reason, clock.instant(), problems, "");
  }

  /** Shows who was refused; a stranger says nothing about the volume of the agent that has it. */
  void refused(String agentName, Refusal refusal) {
    if (!refusal.slug().equals(VolumeGate.HELD_BY)) {
      now =
          new Shown(
              "held",
              "%s was refused: %s".formatted(agentName, refusal.getMessage()),
              clock.instant(),
              now.problems(),
              refusal.hint());
    }
  }

  void follow(String agentName) {
    follow(agentName, now.problems());
  }

  void follow(String agentName, long problems) {
    Shown before = now;
    boolean goesOn = before.state().equals("replicating") && before.problems() == problems;
    if (!goesOn) {
      become("replicating", "follows " + agentName, problems);
    }
  }
}
