package io.driftless.perf.profile;

import io.driftless.perf.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the JDK's Flight Recorder has seen of a process. Processor time is sampled in native code as
 * well, so that system calls show in what made them.
 */
public record Recording(String role, Path file) {
  private static final String EXTENSION = ".jfr";

  /** Options of java, none of which holds a space, that have a process recorded. */
  public static final String OPTIONS =
      "-Xlog:jfr*=off -XX:StartFlightRecording:settings=none,"
          + "+jdk.CPUTimeSample#enabled=true,+jdk.CPUTimeSample#throttle=2ms,"
          + "+jdk.ObjectAllocationSample#enabled=true,+jdk.ObjectAllocationSample#throttle=300/s,"
          + "+jdk.GarbageCollection#enabled=true";

  /** Keeps what was recorded so far of a process that runs. */
  public static void keep(Path directory, String role, long pid)
      throws IOException, InterruptedException {
    Path file = directory.resolve(role + "-" + pid + EXTENSION);
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Command.of(jcmd.toString(), String.valueOf(pid), "JFR.dump", "filename=" + file).run();
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

  private static Recording of(Path file) {
    String name = file.getFileName().toString();
    return new Recording(name.substring(0, name.indexOf('-')), file);
  }

  /** What it tells. */
  public String profile() throws IOException {
    return Profile.of(role, file).toString();
  }
}
