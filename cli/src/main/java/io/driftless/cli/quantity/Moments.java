package io.driftless.cli.quantity;

import com.google.common.base.Suppliers;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Supplier;

/** Moments as people read them: in the zone of the host. */
public final class Moments {
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS zzz", Locale.ROOT);

  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern(" zzz", Locale.ROOT);

  private final InstantSource clock;
  private final Supplier<ZoneId> zone;

  public Moments(InstantSource clock, ZoneId zone) {
    this(clock, () -> zone);
  }

  private Moments(InstantSource clock, Supplier<ZoneId> zone) {
    this.clock = clock;
    this.zone = zone;
  }

  /** Those of this host. Most commands show none, and it takes long to know its zone. */
  public static Moments ofHost() {
    return new Moments(InstantSource.system(), Suppliers.memoize(ZoneId::systemDefault));
  }

  /** {@link #clock} where another clock counts, with its zone if it differs from the host's. */
  public String clockIn(ZoneId other, Instant moment) {
    boolean isSame =
        other.getRules().getOffset(moment).equals(zone.get().getRules().getOffset(moment));
    return isSame
        ? clock(moment)
        : new Moments(clock, other).clock(moment) + ZONE.format(moment.atZone(other));
  }

  public Instant now() {
    return clock.instant();
  }

  /** {@code 04:10} on the same day, else with the date. */
  public String clock(Instant moment) {
    ZonedDateTime at = moment.atZone(zone.get());
    return at.toLocalDate().equals(today())
        ? MINUTE.format(at)
        : at.toLocalDate() + " " + MINUTE.format(at);
  }

  /** {@code 04:10:32} on the same day, else with the date. */
  public String clockSeconds(Instant moment) {
    ZonedDateTime at = moment.atZone(zone.get());
    return at.toLocalDate().equals(today())
        ? SECOND.format(at)
        : at.toLocalDate() + " " + SECOND.format(at);
  }

  /** {@code today 02:10}, {@code yesterday 02:10}, {@code 2026-11-20 02:10}. */
  public String day(Instant moment) {
    ZonedDateTime at = moment.atZone(zone.get());
    LocalDate date = at.toLocalDate();
    String day =
        date.equals(today())
            ? "today"
            : date.equals(today().minusDays(1)) ? "yesterday" : date.toString();
    return day + " " + MINUTE.format(at);
  }

  /** {@code 2026-11-20 02:10:07 CET}. */
  public String full(Instant moment) {
    return FULL.format(moment.atZone(zone.get()));
  }

  /** {@code 2026-11-20 02:10:07.123 CET}. */
  public String exact(Instant moment) {
    return EXACT.format(moment.atZone(zone.get()));
  }

  private LocalDate today() {
    return clock.instant().atZone(zone.get()).toLocalDate();
  }
}
