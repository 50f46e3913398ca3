package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.protocol.tree.Escaped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For how long a limit is set: {@code --for 2h} or {@code --until 06:00}. */
final class UntilOption {
  private static final String EXAMPLE =
      "give --for 2h, --until 06:00 or --until \"2026-12-24 06:00\"";

  @Option(names = "--for", paramLabel = "TIME", description = "So long, for example 30m or 2h.")
  private @Nullable String length;

  @Option(
      names = "--until",
      paramLabel = "CLOCK",
      description =
          "The next time that the clock of the throttle's zone shows this, for example 06:00 or \"2026-12-24 06:00\".")
  private @Nullable String until;

  /** How long; empty where that is not said. */
  Optional<Duration> length() throws CommandFailure {
    if (length != null && until != null) {
      throw ThrottleAtHand.usage(
          new IllegalArgumentException("--for and --until are two ends"), EXAMPLE);
    }
    return LengthText.parse(length, EXAMPLE);
  }

  boolean isUntil() {
    return until != null;
  }

  /** The moment that {@code --until} means; empty without it. */
  Optional<Instant> until(Instant now, ZoneId zone) throws CommandFailure {
    if (until == null) {
      return Optional.empty();
    }
    Instant end = moment(until.strip(), now, zone);
    if (!end.isAfter(now)) {
      throw ThrottleAtHand.usage(
          new IllegalArgumentException(Escaped.display(until) + " is over already"), EXAMPLE);
    }
    return Optional.of(end);
  }

  private static Instant moment(String text, Instant now, ZoneId zone) throws CommandFailure {
    try {
      if (text.length() > 5) {
        return LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant();
      }
      ZonedDateTime today = now.atZone(zone).with(LocalTime.parse(text));
      ZonedDateTime next =
          today.toInstant().isAfter(now)
              ? today
              : now.atZone(zone).plusDays(1).with(LocalTime.parse(text));
      return next.toInstant();
    } catch (DateTimeException e) {
      throw ThrottleAtHand.usage(
          new IllegalArgumentException(Escaped.display(text) + " is no time of the clock", e),
          EXAMPLE);
    }
  }
}
