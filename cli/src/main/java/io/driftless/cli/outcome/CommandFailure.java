package io.driftless.cli.outcome;

import java.io.IOException;

/** Why a command ends early. Its {@link #line} is all that a person needs to see. */
public final class CommandFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final String slug;
  private final String hint;

  /**
   * @param slug names the kind of failure, for programs
   * @param message what failed and where; names from the file system are already escaped
   * @param hint what to do next, may be empty
   */
  public CommandFailure(ExitCode exitCode, String slug, String message, String hint) {
    super(message);
    this.exitCode = exitCode;
    this.slug = slug;
    this.hint = hint;
  }

  /** As the other, with the failure behind it, which {@code -v} shows. */
  public CommandFailure(
      ExitCode exitCode, String slug, String message, String hint, Throwable cause) {
    this(exitCode, slug, message, hint);
    initCause(cause);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public String slug() {
    return slug;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  public String hint() {
    return hint;
  }

  /** {@code error: SLUG: what, where; what to do next}. */
  public String line() {
    return ErrorLine.of(slug, message(), hint);
  }
}
