package io.driftless.perf.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  private final Map<Work, Duration> works = new EnumMap<>(Work.class);
  private final Map<String, Duration> spots = new HashMap<>();
  private final Map<String, Long> allocations = new HashMap<>();
  private Duration sampled = Duration.ZERO;
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
    Duration time = event.getDuration("samplingPeriod");
    sampled = sampled.plus(time);
    List<String> methods = methods(event);
    works.merge(Work.of(methods), time, Duration::plus);
    spots.merge(spot(methods), time, Duration::plus);
  }

  private static List<String> methods(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    return stack == null
        ? List.of()
        : stack.getFrames().stream()
            .map(frame -> nameOf(frame.getMethod()))
            .filter(Objects::nonNull)
            .toList();
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
            seconds(sampled),
            collections,
            seconds(collecting))
        + works.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .map(each -> line(each.getKey().label(), share(each.getValue())))
            .collect(Collectors.joining())
        + String.format("  where%n")
        + spots.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(SPOTS)
            .map(each -> line(each.getKey(), share(each.getValue())))
            .collect(Collectors.joining())
        + allocated();
  }

  private String allocated() {
    long all = allocations.values().stream().mapToLong(Long::longValue).sum();
    return String.format(Locale.ROOT, "  allocates %.0f MiB%n", all / 1_048_576.0)
        + allocations.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(ALLOCATIONS)
            .map(each -> line(each.getKey(), 1.0 * each.getValue() / all))
            .collect(Collectors.joining());
  }

  private double share(Duration time) {
    return seconds(time) / seconds(sampled);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static String line(String what, double share) {
    return String.format(Locale.ROOT, "  %5.1f %%  %s%n", 100 * share, what);
  }
}
