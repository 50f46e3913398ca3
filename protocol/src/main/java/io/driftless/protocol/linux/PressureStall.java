package io.driftless.protocol.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How long tasks of this host have stood still for want of something (pressure stall information,
 * Linux 4.20 on). Stateless.
 *
 * @see <a href="https://docs.kernel.org/accounting/psi.html">PSI, Pressure Stall Information</a>
 */
public final class PressureStall {
  /** What there was too little of. */
  public enum Resource {
    IO,
    CPU;

    private Path file() {
      return Path.of("/proc/pressure", name().toLowerCase(Locale.ROOT));
    }
  }

  private static final String SOME = "some ";
  private static final String TOTAL = "total=";

  private PressureStall() {}

  /**
   * Microseconds since the start of the host in which at least one task stood still; empty where
   * the kernel doesn't tell.
   */
  public static OptionalLong totalMicros(Resource resource) {
    try {
      return total(Files.readString(resource.file()));
    } catch (IOException e) {
      return OptionalLong.empty(); // EOPNOTSUPP where it is compiled in and switched off
    }
  }

  static OptionalLong total(String text) {
    for (String line : text.lines().toList()) {
      int at = line.indexOf(TOTAL);
      if (line.startsWith(SOME) && at >= 0) {
        String digits = line.substring(at + TOTAL.length()).strip();
        return digits.matches("[0-9]{1,18}")
            ? OptionalLong.of(Long.parseLong(digits))
            : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
