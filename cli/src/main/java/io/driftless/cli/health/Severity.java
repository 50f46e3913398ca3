package io.driftless.cli.health;

/** As Nagios and its heirs have it, in the order of their numbers. */
public enum Severity {
  OK,
  WARNING,
  CRITICAL,
  UNKNOWN;

  /** The exit code of a check. */
  public int number() {
    return ordinal();
  }

  /** The graver of two. */
  public Severity and(Severity other) {
    return other.compareTo(this) > 0 ? other : this;
  }
}
