package io.driftless.perf.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Times of single threads, from what the kernel tells in /proc/PID/task/TID/schedstat: nanoseconds
 * on a processor, and waiting for one. Of a thread that ends, what came after the last look is not
 * seen. Confined to one thread.
 */
final class ThreadTimes {
  /** A thread has the name of the one that started it before it gets its own. */
  private static final int NAMING_LOOKS = 3;

  private final Map<Long, Track> tracks = new LinkedHashMap<>();

  private record Times(long runNanos, long waitNanos) {
    static final Times NONE = new Times(0, 0);
  }

  private static final class Track {
    private final String process;
    private Times before = Times.NONE;
    private Times last = Times.NONE;
    private String thread = "?";
    private int looks;

    Track(String process) {
      this.process = process;
    }

    void look(Times times, Supplier<String> name) {
      last = times;
      if (looks < NAMING_LOOKS) {
        thread = name.get();
        looks++;
      }
    }

    void begin() {
      before = last;
    }

    ThreadUsage usage() {
      return new ThreadUsage(
          process,
          thread,
          (last.runNanos - before.runNanos) / 1e9,
          (last.waitNanos - before.waitNanos) / 1e9);
    }
  }

  /** Takes note of where the threads of a process stand. */
  void begin(long pid, String process) {
    look(pid, process);
    tracks.values().forEach(Track::begin);
  }

  /**
   * Looks at the threads of a process; those that are new began with nothing.
   *
   * @param process its name; with another one it has become another program
   */
  void look(long pid, String process) {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        long tid = Long.parseLong(task.getFileName().toString());
        Times times = read(pid, tid);
        if (times != null) {
          Track track = tracks.get(tid);
          if (track == null || !track.process.equals(process)) {
            track = new Track(process);
            tracks.put(tid, track);
          }
          track.look(times, () -> name(pid, tid));
        }
      }
    } catch (IOException e) {
      // the process has ended meanwhile
    }
  }

  private static @Nullable Times read(long pid, long tid) {
    try {
      String[] fields = text(pid, tid, "schedstat").split(" ", -1);
      return new Times(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    } catch (IOException e) {
      return null; // it has ended meanwhile
    }
  }

  private static String name(long pid, long tid) {
    try {
      return text(pid, tid, "comm").strip();
    } catch (IOException e) {
      return "?";
    }
  }

  private static String text(long pid, long tid, String file) throws IOException {
    return Files.readString(Path.of("/proc/%d/task/%d/%s".formatted(pid, tid, file)), ISO_8859_1);
  }

  /** All threads that were seen. */
  List<ThreadUsage> usage() {
    return tracks.values().stream().map(Track::usage).toList();
  }
}
