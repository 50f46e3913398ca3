package io.driftless.protocol.pace;

import io.driftless.protocol.pace.Calendar.Ruling;
import io.driftless.protocol.pace.ThrottleStatus.Cause;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an agent within its limits: what somebody set by hand, else what the calendar says, less
 * what it yields to others. Thread-safe.
 *
 * <p>Where limits may change by themselves it looks at the clock on the wall once a second, so that
 * a clock that is set counts at once, too; elsewhere it sleeps. What is changed here takes effect
 * before the call returns.
 */
public final class Throttle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Throttle.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** What pressure is subtracted from where there is no limit. */
  private static final Limits FULL_SPEED =
      new Limits(new Limit(1_000_000_000), new Limit(200 << 20), new Limit(50_000));

  /** So many changes of other limits may come before the one of the wire that is looked for. */
  private static final int CHANGES_MAX = 20;

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Supplier<OptionalLong> wireBitsPerSecond;
  private final Outlet outlet;
  private final Keeper keeper;
  private final Gauge gauge;
  private final Yielding yielding;
  private Calendar calendar = Calendar.open(ZoneId.systemDefault());
  private Gauge.Thresholds thresholds = Gauge.Thresholds.NONE;
  private Optional<ManualLimit> manual;
  private Limits applied = Limits.NONE;
  private long lookedAt;

  /** The wire's speed when it began to yield, where it had no limit. */
  private long unhurried;

  private @Nullable Thread thread;

  /** Whatever it is that limits hold for. */
  @FunctionalInterface
  public interface Outlet {
    /** Must not block. */
    void limitTo(Limits limits);
  }

  /** Keeps what was set by hand over restarts. */
  public interface Keeper {
    Optional<ManualLimit> read();

    void write(Optional<ManualLimit> limit) throws IOException;

    /** One that forgets. */
    Keeper NONE =
        new Keeper() {
          @Override
          public Optional<ManualLimit> read() {
            return Optional.empty();
          }

          @Override
          public void write(Optional<ManualLimit> limit) {}
        };
  }

  /**
   * A throttle without limits.
   *
   * @param wireBitsPerSecond that went over the wire lately, both ways; empty while that is not
   *     known
   */
  public Throttle(
      InstantSource clock,
      LongSupplier nanoTime,
      Supplier<OptionalLong> wireBitsPerSecond,
      Outlet outlet,
      Keeper keeper,
      Gauge gauge) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.wireBitsPerSecond = wireBitsPerSecond;
    this.outlet = outlet;
    this.keeper = keeper;
    this.gauge = gauge;
    this.yielding = new Yielding(gauge);
    this.manual = keeper.read();
    this.lookedAt = nanoTime.getAsLong();
  }

  /** One that never limits anything. */
  public static Throttle open() {
    return new Throttle(
        InstantSource.system(),
        System::nanoTime,
        OptionalLong::empty,
        _ -> {},
        Keeper.NONE,
        Gauge.NONE);
  }

  /** Begins to look at the clock. */
  public synchronized void start() {
    apply();
    thread =
        Thread.ofVirtual()
            .name("throttle")
            .start(() -> {
              try {
                while (true) {
                  awaitLook();
                  look();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private synchronized void awaitLook() throws InterruptedException {
    while (!mayChangeByItself()) {
      wait();
    }
    wait(LOOK_EVERY.toMillis());
  }

  private boolean mayChangeByItself() {
    return !calendar.windows().isEmpty()
        || !thresholds.isNone()
        || yielding.factor() < 1
        || manual.flatMap(ManualLimit::until).isPresent();
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Takes up another calendar. */
  public synchronized void follow(Calendar other, Gauge.Thresholds yields) {
    calendar = other;
    thresholds = yields;
    apply();
    notifyAll();
  }

  /**
   * Sets a limit by hand, or no longer.
   *
   * @throws IOException if it can't be kept for the next start; nothing has changed then
   */
  public synchronized void set(Optional<ManualLimit> limit) throws IOException {
    keeper.write(limit);
    manual = limit;
    apply();
    notifyAll();
  }

  public InstantSource clock() {
    return clock;
  }

  /** Whether content may not flow at all. */
  public synchronized boolean isStopped() {
    return applied.wire().perSecond() == 0;
  }

  /** Looks at the clock and at the pressure. */
  synchronized void look() {
    long now = nanoTime.getAsLong();
    long elapsed = now - lookedAt;
    lookedAt = now;
    double before = yielding.factor();
    yielding.look(thresholds, elapsed);
    if (before == 1 && yielding.factor() < 1) {
      unhurried = Math.max(wireBitsPerSecond.get().orElse(0), FULL_SPEED.wire().perSecond() / 100);
    }
    apply();
  }

  private void apply() {
    Limits limits = limits(clock.instant());
    if (!limits.equals(applied)) {
      LOG.debug("limits are {} now", limits);
      applied = limits;
      outlet.limitTo(limits);
    }
  }

  private Limits limits(Instant now) {
    Limits planned = calendar.at(now).limits();
    Limits wanted = manualAt(now).map(set -> planned.withWire(set.wire())).orElse(planned);
    double factor = yielding.factor();
    return factor == 1
        ? wanted
        : new Limits(
            part(wanted.wire(), Math.max(1, unhurried), factor),
            part(wanted.disk(), FULL_SPEED.disk().perSecond(), factor),
            part(wanted.walk(), FULL_SPEED.walk().perSecond(), factor));
  }

  private static Limit part(Limit of, long unlimited, double factor) {
    long full = of.isUnlimited() ? unlimited : of.perSecond();
    return new Limit((long) Math.ceil(full * factor));
  }

  private Optional<ManualLimit> manualAt(Instant now) {
    return manual.filter(set -> set.holds(now));
  }

  public synchronized ThrottleStatus status() {
    apply();
    Instant now = clock.instant();
    Ruling ruling = calendar.at(now);
    Optional<ManualLimit> set = manualAt(now);
    Cause planned = ruling.window().isPresent() ? Cause.WINDOW : Cause.BASE;
    boolean yields = yielding.factor() < 1;
    Cause cause = yields ? Cause.PRESSURE : set.isPresent() ? Cause.OVERRIDE : planned;
    Optional<Instant> until = set.isPresent() ? set.get().until() : nextWireChange(now, ruling);
    return new ThrottleStatus(
        applied,
        cause,
        switch (cause) {
          case PRESSURE ->
              "%s, at %.0f %% of full speed".formatted(yielding.cause(), 100 * yielding.factor());
          case WINDOW -> ruling.window().orElse("");
          case BASE, OVERRIDE -> "";
        },
        until,
        until.map(moment -> calendar.at(moment).limits().wire()),
        wireBitsPerSecond.get(),
        calendar,
        notices(set));
  }

  private Optional<Instant> nextWireChange(Instant now, Ruling ruling) {
    Optional<Instant> next = calendar.nextChange(now);
    for (int i = 0; i < CHANGES_MAX && next.isPresent(); i++) {
      if (!calendar.at(next.get()).limits().wire().equals(ruling.limits().wire())) {
        return next;
      }
      next = calendar.nextChange(next.get());
    }
    return Optional.empty();
  }

  private List<String> notices(Optional<ManualLimit> set) {
    var notices = new ArrayList<String>();
    if (set.isPresent() && set.get().until().isEmpty()) {
      notices.add("the limit was set by hand without an end; driftless throttle clear ends it");
    }
    if (thresholds.io().isPresent() && gauge.ioMicros().isEmpty()
        || thresholds.cpu().isPresent() && gauge.cpuMicros().isEmpty()) {
      notices.add("this kernel does not tell of pressure (no /proc/pressure): nothing is yielded");
    }
    return notices;
  }
}
