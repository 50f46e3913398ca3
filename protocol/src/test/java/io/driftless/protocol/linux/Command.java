package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Runs a program of the machine; for tests only. */
public final class Command {
  private Command() {}

  /** The output of a program that succeeded. */
  public static String run(String... arguments) throws IOException {
    var builder = new ProcessBuilder(arguments).redirectErrorStream(true);
    builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int status = exitOf(process);
    if (status != 0) {
      throw new IOException(
          "%s ended with %d: %s".formatted(String.join(" ", List.of(arguments)), status, output));
    }
    return output;
  }

  private static int exitOf(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
