package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What all ways to use rsync have in common. */
final class Rsync {
  /** Everything that rsync can carry of what Driftless carries. */
  private static final List<String> ARCHIVE = List.of("rsync", "-aHAX", "--numeric-ids", "--stats");

  private static final Pattern SENT = Pattern.compile("Total bytes sent: ([0-9,]+)");
  private static final Pattern RECEIVED = Pattern.compile("Total bytes received: ([0-9,]+)");

  private Rsync() {}

  static Command command(String... words) {
    var all = new ArrayList<>(ARCHIVE);
    all.addAll(List.of(words));
    return new Command(all);
  }

  /** Without what ssh adds; of all that ran. */
  static OptionalLong wireBytes(String output) {
    long sent = sum(SENT, output);
    long received = sum(RECEIVED, output);
    return sent == 0 || received == 0 ? OptionalLong.empty() : OptionalLong.of(sent + received);
  }

  private static long sum(Pattern number, String output) {
    return number.matcher(output).results().mapToLong(found -> number(found.group(1))).sum();
  }

  private static long number(String grouped) {
    return Long.parseLong(grouped.replace(",", ""));
  }
}
