package io.driftless.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Java process holds.
 *
 * @param heapKib live objects, after a full collection
 * @param residentKib all of its memory that is in RAM
 * @param files open descriptors
 * @param threads of the kernel
 */
record Footprint(long heapKib, long residentKib, long files, long threads) {
  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  static Footprint of(long pid) throws IOException {
    ask(pid, "GC.run");
    Path process = Path.of("/proc", String.valueOf(pid));
    return new Footprint(
        number(HEAP_USED, ask(pid, "GC.heap_info")),
        number(RESIDENT, Files.readString(process.resolve("status"))),
        count(process.resolve("fd")),
        count(process.resolve("task")));
  }

  private static String ask(long pid, String command) {
    Path tools = Path.of(System.getProperty("java.home"), "bin");
    return new Shell(tools).output(tools.resolve("jcmd").toString(), String.valueOf(pid), command);
  }

  private static long number(Pattern pattern, String text) {
    return Optional.of(pattern.matcher(text))
        .filter(Matcher::find)
        .map(found -> Long.parseLong(found.group(1)))
        .orElseThrow(() -> new AssertionError(pattern + " is not in " + text));
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }
}
