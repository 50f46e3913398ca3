package io.driftless.perf.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of the JDK's Flight Recorder that a process writes when it ends. Processor time is sampled
 * in native code as well, so that system calls show in what made them.
 */
public record Recording(String role, Path file) {
  private static final String EXTENSION = ".jfr";

  /** Options of java; none of them holds a space. */
  public static String options(Path directory, String role) {
    return "-Xlog:jfr*=off -XX:StartFlightRecording:settings=none,"
        + "+jdk.CPUTimeSample#enabled=true,+jdk.CPUTimeSample#throttle=2ms,"
        + "+jdk.ObjectAllocationSample#enabled=true,+jdk.ObjectAllocationSample#throttle=300/s,"
        + "+jdk.GarbageCollection#enabled=true,dumponexit=true,filename="
        + directory.resolve(role + "-%p" + EXTENSION);
  }

  /** All that lie in a directory, by role. */
  public static List<Recording> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(EXTENSION))
          .map(Recording::of)
          .sorted(Comparator.comparing(Recording::role))
          .toList();
    }
  }

  /** What it tells. */
  public String profile() throws IOException {
    return Profile.of(role, file).toString();
  }

  private static Recording of(Path file) {
    String name = file.getFileName().toString();
    return new Recording(name.substring(0, name.indexOf('-')), file);
  }
}
