package io.driftless.cli.screen;

import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.Limits;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.protocol.pace.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an agent may use, for people. Moments are told by the clock that its windows go by. */
public final class ThrottleText {
  private static final String NONE = "-";

  private final ThrottleStatus status;
  private final Moments moments;

  public ThrottleText(ThrottleStatus status, Moments moments) {
    this.status = status;
    this.moments = moments;
  }

  /** {@code 20 Mbit/s, window w1 until 18:00, then 80 Mbit/s; using 11.2 Mbit/s}. */
  public String line() {
    var text = new StringBuilder(wire(status.limits().wire()));
    String cause = cause();
    if (!cause.isEmpty()) {
      text.append(", ").append(cause);
    }
    status
        .until()
        .ifPresent(until -> {
          text.append(" until ").append(moments.clockIn(status.calendar().zone(), until));
          status.next().ifPresent(next -> text.append(", then ").append(wire(next)));
        });
    status.bitsPerSecond().ifPresent(now -> text.append("; using ").append(Shown.rate(now)));
    return text.toString();
  }

  private String cause() {
    return switch (status.cause()) {
      case BASE -> "";
      case WINDOW -> "window " + status.reason();
      case OVERRIDE ->
          "set by hand"
              + status
                  .until()
                  .map(until -> " for " + Shown.span(Duration.between(moments.now(), until)) + ",")
                  .orElse(" without an end");
      case PRESSURE -> status.reason();
    };
  }

  /** The line, the calendar, and what there is to notice. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(line());
    Limits base = status.calendar().base();
    lines.add("Base         " + all(base));
    Limits now = status.limits();
    if (!now.disk().equals(base.disk()) || !now.walk().equals(base.walk())) {
      lines.add("Now          " + all(now));
    }
    lines.add("Zone         " + status.calendar().zone());
    if (!status.calendar().windows().isEmpty()) {
      lines.addAll(windows());
    }
    lines.addAll(notices());
    return lines;
  }

  /** The windows, or that there are none. */
  public List<String> schedule() {
    return status.calendar().windows().isEmpty()
        ? List.of("no windows; the base rate always holds")
        : windows();
  }

  private List<String> windows() {
    var table =
        new Table(List.of("ID", "WHEN", "RATE", "DISK", "WALK"), Set.of("RATE", "DISK", "WALK"));
    for (Window window : status.calendar().windows()) {
      table.row(
          window.id(),
          HoursText.of(window.hours()),
          window.wire().map(ThrottleText::wire).orElse(NONE),
          window.disk().map(ThrottleText::disk).orElse(NONE),
          window.walk().map(ThrottleText::walk).orElse(NONE));
    }
    return table.lines();
  }

  public List<String> notices() {
    return status.notices().stream().map(notice -> "note: " + notice).toList();
  }

  private static String all(Limits limits) {
    var parts = new ArrayList<String>();
    parts.add(wire(limits.wire()));
    named("disk", limits.disk(), disk(limits.disk())).ifPresent(parts::add);
    named("walk", limits.walk(), walk(limits.walk())).ifPresent(parts::add);
    return String.join(", ", parts);
  }

  private static Optional<String> named(String name, Limit limit, String text) {
    return limit.isUnlimited() ? Optional.empty() : Optional.of(name + " " + text);
  }

  /** {@code 20 Mbit/s}. */
  static String wire(Limit limit) {
    if (limit.isUnlimited()) {
      return "unlimited";
    }
    if (limit.perSecond() == 0) {
      return "0 (paused)";
    }
    return Shown.rate(limit.perSecond()).replace(".0 ", " ");
  }

  /** {@code 20}, {@code 2.5}; a limit in Mbit/s without its unit. */
  static String megabits(Limit limit) {
    return Shown.rate(limit.perSecond()).replace(".0 ", " ").replace(" Mbit/s", "");
  }

  private static String disk(Limit limit) {
    return limit.isUnlimited() ? "unlimited" : Shown.bytes(limit.perSecond()) + "/s";
  }

  private static String walk(Limit limit) {
    return limit.isUnlimited() ? "unlimited" : Shown.count(limit.perSecond()) + "/s";
  }
}
