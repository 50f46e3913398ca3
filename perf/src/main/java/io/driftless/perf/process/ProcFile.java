package io.driftless.perf.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says about a process, see proc(5).
 *
 * @param cpuSeconds its own user and system time, without its children's
 * @param endedChildrenSeconds the time of its children that have ended, with theirs
 * @param peakBytes greatest resident memory since its start or the last reset
 */
record ProcFile(String name, double cpuSeconds, double endedChildrenSeconds, long peakBytes) {
  /** The unit of times in /proc: USER_HZ, which is 100 on every architecture that we run on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11; // counted from the field after the name
  private static final int SYSTEM_TIME = 12;
  private static final int CHILDREN_USER_TIME = 13;
  private static final int CHILDREN_SYSTEM_TIME = 14;

  /** Returns null once the process is gone or a zombie. */
  static @Nullable ProcFile read(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
      int nameEnd = stat.lastIndexOf(')');
      String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
      String status = Files.readString(Path.of("/proc/" + pid + "/status"), ISO_8859_1);
      if (fields[0].equals("Z")) {
        return null;
      }
      return new ProcFile(
          stat.substring(stat.indexOf('(') + 1, nameEnd),
          seconds(fields[USER_TIME], fields[SYSTEM_TIME]),
          seconds(fields[CHILDREN_USER_TIME], fields[CHILDREN_SYSTEM_TIME]),
          KernelFigures.bytes(status, "VmHWM"));
    } catch (IOException e) {
      return null; // it has ended meanwhile
    }
  }

  private static double seconds(String userTicks, String systemTicks) {
    return (Long.parseLong(userTicks) + Long.parseLong(systemTicks)) / TICKS_PER_SECOND;
  }

  /** The children that the main thread of a process started. */
  static String childrenOf(long pid) {
    try {
      return Files.readString(Path.of("/proc/%d/task/%d/children".formatted(pid, pid)), ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended meanwhile
    }
  }

  static void resetPeak(long pid) throws IOException {
    Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
  }
}
