package io.driftless.perf.contender;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a pass of Driftless says with {@code --json}. */
final class PassOutput {
  private static final Pattern SENT = Pattern.compile("\"wireBytesSent\"\\s*:\\s*(\\d+)");
  private static final Pattern RECEIVED = Pattern.compile("\"wireBytesReceived\"\\s*:\\s*(\\d+)");

  private PassOutput() {}

  static OptionalLong wireBytes(String output) {
    Matcher sent = SENT.matcher(output);
    Matcher received = RECEIVED.matcher(output);
    if (!sent.find() || !received.find()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(sent.group(1)) + Long.parseLong(received.group(1)));
  }
}
