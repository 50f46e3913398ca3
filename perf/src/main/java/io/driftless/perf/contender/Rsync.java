package io.driftless.perf.contender;

import io.driftless.perf.process.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
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

  /** Without what ssh adds. */
  static OptionalLong wireBytes(String output) {
    Matcher sent = SENT.matcher(output);
    Matcher received = RECEIVED.matcher(output);
    if (!sent.find() || !received.find()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(number(sent.group(1)) + number(received.group(1)));
  }

  private static long number(String grouped) {
    return Long.parseLong(grouped.replace(",", ""));
  }
}
