package io.driftless.trial;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs that the trials need besides Driftless, in a given directory, with the C locale.
 */
final class Shell {
  private static final long SECONDS_MAX = 300;

  private final Path directory;

  Shell(Path directory) {
    this.directory = directory;
  }

  /** What a program said, byte for byte as characters. */
  record Result(int exitCode, String output) {}

  /** Runs and fails unless the program succeeds. */
  String output(String... command) {
    Result result = run(command);
    if (result.exitCode != 0) {
      throw new AssertionError(
          "%s exited with %d: %s".formatted(List.of(command), result.exitCode, result.output));
    }
    return result.output;
  }

  Result run(String... command) {
    try {
      var builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("%s did not end".formatted(List.of(command)));
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + List.of(command), e);
    }
  }
}
