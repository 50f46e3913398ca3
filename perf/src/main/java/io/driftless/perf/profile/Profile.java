package io.driftless.perf.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Where the processor time and the heap of one agent went. Confined to one thread. */
final class Profile {
  private static final String OURS = "io.driftless.";
  private static final String CALLS = OURS + "protocol.linux.";
  private static final int SPOTS = 24;
  private static final int ALLOCATIONS = 10;

  private final String role;

  /** Nanoseconds. */
  private final Map<String, Long> works = new HashMap<>();

  /** Nanoseconds as well. */
  private final Map<String, Long> spots = new HashMap<>();

  /** Bytes. */
  private final Map<String, Long> allocations = new HashMap<>();

  private Duration collecting = Duration.ZERO;
  private int collections;

  private Profile(String role) {
    this.role = role;
  }

  static Profile of(String role, Path file) throws IOException {
    var profile = new Profile(role);
    try (var recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        profile.add(recording.readEvent());
      }
    }
    return profile;
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.CPUTimeSample" -> sample(event);
      case "jdk.ObjectAllocationSample" ->
          allocations.merge(spot(methods(event)), event.getLong("weight"), Long::sum);
      case "jdk.GarbageCollection" -> {
        collections++;
        collecting = collecting.plus(event.getDuration("sumOfPauses"));
      }
      default -> {}
    }
  }

  private void sample(RecordedEvent event) {
    long nanos = event.getDuration("samplingPeriod").toNanos();
    List<String> methods = methods(event);
    works.merge(Work.of(methods).label(), nanos, Long::sum);
    spots.merge(spot(methods), nanos, Long::sum);
  }

  private static List<String> methods(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    return stack == null
        ? List.of()
        : stack.getFrames().stream().map(frame -> nameOf(frame.getMethod())).toList();
  }

  private static String nameOf(RecordedMethod method) {
    return method.getType().getName() + "." + method.getName();
  }

  /** The innermost method of ours, and what it calls, if that is a call of the system. */
  private static String spot(List<String> methods) {
    String call = "";
    String entered = "";
    for (String method : methods) {
      if (method.startsWith(CALLS)) {
        call = method;
      } else if (method.startsWith(OURS)) {
        return abbreviated(method) + (call.isEmpty() ? entered : " > " + abbreviated(call));
      } else if (!method.startsWith("java.lang.invoke.")) {
        entered = " > " + abbreviated(method);
      }
    }
    return entered.isEmpty() ? "?" : entered.substring(3);
  }

  /** Class and method, without the package. */
  private static String abbreviated(String method) {
    int dot = method.lastIndexOf('.');
    return method.substring(method.lastIndexOf('.', dot - 1) + 1);
  }

  @Override
  public String toString() {
    return String.format(
            Locale.ROOT,
            "%s: %.2f s of processor time in Java and what it calls, %d collections of %.2f s%n",
            role,
            sum(works) / 1e9,
            collections,
            collecting.toNanos() / 1e9)
        + shares(works, works.size())
        + String.format("  where%n")
        + shares(spots, SPOTS)
        + String.format(Locale.ROOT, "  allocates %.0f MiB%n", sum(allocations) / 1_048_576.0)
        + shares(allocations, ALLOCATIONS);
  }

  private static long sum(Map<String, Long> parts) {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The largest parts of a whole, a line each. */
  private static String shares(Map<String, Long> parts, int most) {
    double whole = sum(parts);
    return parts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(each ->
            String.format(
                Locale.ROOT, "  %5.1f %%  %s%n", 100 * each.getValue() / whole, each.getKey()))
        .collect(Collectors.joining());
  }
}
