package io.driftless.cli.quantity;

import java.time.Duration;
import java.util.Locale;

/** Amounts as people read them, always in the same notation whatever the host's locale is. */
public final class Shown {
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Shown() {}

  /** {@code 3,100,412}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 2 problems}, {@code 1 problem}. */
  public static String count(long count, String singular, String plural) {
    return count(count) + " " + (count == 1 ? singular : plural);
  }

  /** {@code 812,400}, from a million on {@code 1.27m} and {@code 40.1m}. */
  public static String brief(long count) {
    if (count < 1_000_000) {
      return count(count);
    }
    double millions = count / 1e6;
    if (millions >= 1000) {
      return String.format(Locale.ROOT, "%,.0fm", millions);
    }
    return String.format(Locale.ROOT, millions < 10 ? "%.2fm" : "%.1fm", millions);
  }

  /** {@code 44.9 GiB}. */
  public static String bytes(long bytes) {
    int unit = byteUnit(bytes);
    return inUnit(bytes, unit) + " " + BYTE_UNITS[unit];
  }

  /** {@code 18.4/44.9 GiB}: both in the unit of the whole. */
  public static String bytesOf(long part, long whole) {
    int unit = byteUnit(whole);
    return inUnit(part, unit) + "/" + inUnit(whole, unit) + " " + BYTE_UNITS[unit];
  }

  /** {@code 78.9 Mbit/s}. */
  public static String rate(double bitsPerSecond) {
    return String.format(Locale.ROOT, "%,.1f Mbit/s", bitsPerSecond / 1e6);
  }

  /** The two largest units: {@code 18 ms}, {@code 4.2 s}, {@code 1 h 22 min}, {@code 3 d 4 h}. */
  public static String span(Duration span) {
    Duration length = span.isNegative() ? Duration.ZERO : span;
    long seconds = length.toSeconds();
    if (length.toMillis() < 1000) {
      return length.toMillis() + " ms";
    }
    if (seconds < 60) {
      return seconds < 10
          ? String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1000.0)
          : seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  private static String two(long first, String firstUnit, long second, String secondUnit) {
    return first + " " + firstUnit + (second == 0 ? "" : " " + second + " " + secondUnit);
  }

  private static int byteUnit(long bytes) {
    int unit = 0;
    while (unit < BYTE_UNITS.length - 1 && bytes >= 1L << (10 * (unit + 1))) {
      unit++;
    }
    return unit;
  }

  private static String inUnit(long bytes, int unit) {
    return unit == 0
        ? Long.toString(bytes)
        : String.format(Locale.ROOT, "%.1f", (double) bytes / (1L << (10 * unit)));
  }
}
