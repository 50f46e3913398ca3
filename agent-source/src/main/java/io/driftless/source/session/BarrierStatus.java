package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How far a barrier has come: one moment, and for each of its volumes whether everything from
 * before that moment is proven to be on the target.
 *
 * @param took from the moment on, until it ended or until now
 */
public record BarrierStatus(long number, Instant moment, Duration took, List<Part> parts) {
  public BarrierStatus {
    parts = List.copyOf(parts);
  }

  /** How a whole barrier stands. */
  public enum State {
    WAITING,
    REACHED,
    FAILED
  }

  /** How one volume stands. */
  public enum Verdict {
    WAITING,
    REACHED,
    /** Not proven in time; asking again may help. */
    LATE,
    /** The pass could not carry something. */
    PROBLEMS,
    /** Somebody cancelled the pass, or gave the barrier up. */
    CANCELLED,
    /** Waiting can't help: it is paused, held or released, and somebody must decide. */
    REFUSED,
    /** The pass failed. */
    FAILED;

    /** Whether this alone decides about the whole, whatever the other volumes do. */
    public boolean isHopeless() {
      return switch (this) {
        case WAITING, REACHED, LATE -> false;
        case PROBLEMS, CANCELLED, REFUSED, FAILED -> true;
      };
    }
  }

  /**
   * One volume of it.
   *
   * @param missing what is not proven, one line; empty once it is
   * @param next what to do about it, one line, may be empty
   * @param pass that proves it or was to, 0 before there is one
   * @param problems some of those that are in the way
   */
  public record Part(
      String volume,
      Verdict verdict,
      String missing,
      String next,
      long pass,
      List<Problem> problems) {
    public Part {
      problems = List.copyOf(problems);
    }
  }

  public State state() {
    if (parts.stream().anyMatch(part -> part.verdict().isHopeless())) {
      return State.FAILED;
    }
    if (parts.stream().anyMatch(part -> part.verdict() == Verdict.WAITING)) {
      return State.WAITING;
    }
    return parts.stream().allMatch(part -> part.verdict() == Verdict.REACHED)
        ? State.REACHED
        : State.FAILED;
  }
}
