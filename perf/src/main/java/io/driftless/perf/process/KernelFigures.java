package io.driftless.perf.process;

/** What files like /proc/meminfo say, a figure a line, in units of 1024 bytes. */
public final class KernelFigures {
  private KernelFigures() {}

  /** A figure in bytes; 0 if there is none of that name. */
  public static long bytes(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
