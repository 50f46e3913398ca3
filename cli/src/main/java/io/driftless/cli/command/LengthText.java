package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Span;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What somebody wrote behind {@code --for}. */
final class LengthText {
  private LengthText() {}

  /**
   * Parses it; empty where nothing was written.
   *
   * @param example what to write instead
   * @throws CommandFailure if it is no length of time, or less than a second
   */
  static Optional<Duration> parse(@Nullable String length, String example) throws CommandFailure {
    if (length == null) {
      return Optional.empty();
    }
    try {
      Duration parsed = Span.parse(length);
      if (parsed.toSeconds() < 1) {
        throw new IllegalArgumentException("--for takes a second or more");
      }
      return Optional.of(parsed);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "usage", String.valueOf(e.getMessage()), example);
    }
  }
}
