package io.driftless.cli.outcome;

/** What a command tells the shell. Programs rely on these numbers. */
public enum ExitCode {
  DONE(0),
  /** Done, with problems or differences, which are listed. */
  PROBLEMS(1),
  USAGE(2),
  /** The agent or its peer can't be reached. */
  UNREACHABLE(3),
  /** A guard refused. */
  REFUSED(4),
  FAILED(5),
  /** The command went away, the pass goes on. */
  DETACHED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** What was asked for was done, whatever there is to say of it. */
  public boolean isDone() {
    return number <= PROBLEMS.number;
  }

  /** The graver of two, for a command that did several things. */
  public ExitCode and(ExitCode other) {
    return other.number > number ? other : this;
  }
}
