package io.driftless.trial;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs beside Driftless for a while: a server, or somebody who writes.
 *
 * <p>Is killed when closed, and by the kernel when the process that started it dies.
 */
final class Companion implements AutoCloseable {
  private final Process process;
  private final List<String> command;
  private final Path output;

  private Companion(Process process, List<String> command, Path output) {
    this.process = process;
    this.command = command;
    this.output = output;
  }

  /** Starts a program in a directory, where what it says is kept, too. */
  static Companion start(Path directory, List<String> command) {
    Needs.tools("setpriv");
    try {
      Path output = Files.createTempFile(directory, "companion-", ".out");
      var words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
      words.addAll(command);
      var builder = new ProcessBuilder(words).directory(directory.toFile());
      builder.environment().put("LC_ALL", "C");
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      return new Companion(builder.start(), List.copyOf(command), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that a user runs who has a group of the same name. */
  static List<String> as(String user, String... command) {
    var words = new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", user));
    words.addAll(List.of("--init-groups", "--"));
    words.addAll(List.of(command));
    return words;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Fails with what it said, if it has ended. */
  void requireAlive() {
    if (!isAlive()) {
      throw new AssertionError("%s has ended: %s".formatted(command, output()));
    }
  }

  /** Writes a line to its input. */
  void tell(String line) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((line + "\n").getBytes(UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new AssertionError("%s takes nothing: %s".formatted(command, output()), e);
    }
  }

  /** What it has said so far. */
  String output() {
    try {
      return Files.readString(output, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has ended by itself, and succeeded. */
  void awaitSuccess(Duration patience) {
    int exitCode = awaitEnd(patience);
    if (exitCode != 0) {
      throw new AssertionError("%s exited with %d: %s".formatted(command, exitCode, output()));
    }
  }

  /** Asks it to end, and waits until it has succeeded. */
  void stop(String signal, Duration patience) {
    requireAlive();
    new Shell(Path.of("/")).output("kill", "-" + signal, String.valueOf(process.pid()));
    awaitSuccess(patience);
  }

  private int awaitEnd(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("%s did not end in %s: %s".formatted(command, patience, output()));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + command, e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroyForcibly();
      awaitEnd(Duration.ofSeconds(30));
    }
  }
}
