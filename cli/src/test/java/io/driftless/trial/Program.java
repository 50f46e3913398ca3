package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program as a user starts it: {@code cli/bin/driftless} with arguments, in processes of its
 * own.
 *
 * <p>Remembers what it started, and ends it when closed.
 */
final class Program implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path scratch;
  private final List<String> wrapper;
  private final String javaOptions;
  private final List<Running> running = new ArrayList<>();

  Program(Path scratch) {
    this(scratch, List.of());
  }

  /**
   * The program as another command runs it.
   *
   * @param wrapper the words before it
   */
  Program(Path scratch, List<String> wrapper) {
    this(scratch, wrapper, "");
  }

  private Program(Path scratch, List<String> wrapper, String javaOptions) {
    this.scratch = scratch;
    this.wrapper = List.copyOf(wrapper);
    this.javaOptions = javaOptions;
  }

  /** The program with more words for java. */
  static Program withJavaOptions(Path scratch, String options) {
    return new Program(scratch, List.of(), " " + options);
  }

  /** What a run left behind. */
  record Run(int exitCode, String out, String err) {
    Run expect(int code) {
      if (exitCode != code) {
        throw new AssertionError(
            "exit code %d instead of %d%nout: %s%nerr: %s".formatted(exitCode, code, out, err));
      }
      return this;
    }
  }

  /** Runs to the end. */
  Run run(String... arguments) {
    return start(arguments).await(PATIENCE);
  }

  /** As {@link #run}, for what a trial begins with: in this process, unless it is a special one. */
  Run prepare(String... arguments) {
    boolean isSpecial = !wrapper.isEmpty() || !javaOptions.isEmpty();
    return isSpecial ? run(arguments) : CommandsAtHand.run(arguments);
  }

  /** Starts and returns at once. */
  Running start(String... arguments) {
    return startUnder(List.of(), arguments);
  }

  /** Starts it by way of another program, which gets the command as its last arguments. */
  Running startUnder(List<String> supervisor, String... arguments) {
    try {
      var command = new ArrayList<String>(wrapper);
      command.addAll(supervisor);
      command.add(launcher().toString());
      command.addAll(List.of(arguments));
      Path out = Files.createTempFile(scratch, "run-", ".out");
      Path err = Files.createTempFile(scratch, "run-", ".err");
      var builder = new ProcessBuilder(command);
      builder.environment().put("NO_COLOR", "1");
      builder
          .environment()
          .put("DRIFTLESS_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary() + javaOptions);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      var started = new Running(builder.start(), List.of(arguments), out, err);
      running.add(started);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a program that is killed may leave what it likes. */
  private Path temporary() throws IOException {
    Path directory = scratch.resolve("tmp");
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    return directory;
  }

  static Path launcher() {
    Path module = Path.of("").toAbsolutePath();
    Path here = module.resolve("bin/driftless");
    return Files.exists(here) ? here : module.resolve("cli/bin/driftless");
  }

  /** One process of the program. */
  static final class Running {
    private final Process process;
    private final List<String> arguments;
    private final Path out;
    private final Path err;

    private Running(Process process, List<String> arguments, Path out, Path err) {
      this.process = process;
      this.arguments = arguments;
      this.out = out;
      this.err = err;
    }

    Run await(Duration patience) {
      try {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError(
              "%s did not end in %s%nout: %s%nerr: %s"
                  .formatted(arguments, patience, out(), err()));
        }
        return new Run(process.exitValue(), out(), err());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + arguments, e);
      }
    }

    boolean isAlive() {
      return process.isAlive();
    }

    long pid() {
      return process.pid();
    }

    String out() {
      return read(out);
    }

    String err() {
      return read(err);
    }

    /** As a power cut would, for this process. */
    void kill() {
      process.destroyForcibly();
      awaitEnd();
    }

    /** As an administrator would. */
    void terminate() {
      process.destroy();
      awaitEnd();
    }

    private void awaitEnd() {
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          throw new AssertionError(
              "process %d of %s does not end: %s".formatted(process.pid(), arguments, err()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static String read(Path file) {
      try {
        return Files.readString(file, UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    for (Running started : running) {
      if (started.isAlive()) {
        started.kill();
      }
    }
  }
}
