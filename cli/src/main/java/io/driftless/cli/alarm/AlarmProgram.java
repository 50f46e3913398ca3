package io.driftless.cli.alarm;

import io.driftless.protocol.tree.Escaped;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a program with its arguments, without a shell; what it writes is dropped. Thread-safe. */
public final class AlarmProgram {
  private static final Logger LOG = LoggerFactory.getLogger(AlarmProgram.class);

  /** How long a program may take. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Duration patience;

  public AlarmProgram() {
    this(PATIENCE);
  }

  AlarmProgram(Duration patience) {
    this.patience = patience;
  }

  /** Returns when the program has ended, or was killed because it takes too long. */
  public void tell(List<String> run, Notice notice) throws InterruptedException {
    var command = new ArrayList<>(run);
    command.addAll(notice.arguments());
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(notice.environment());
    builder
        .directory(new File("/"))
        .redirectInput(Redirect.from(new File("/dev/null")))
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD);
    String shown = Escaped.display(run.getFirst());
    try {
      await(builder.start(), shown);
    } catch (IOException e) {
      LOG.error("{} can't be run: {}", shown, Escaped.display(e.toString()));
    }
  }

  private void await(Process process, String shown) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      LOG.error("{} took longer than {} s and was killed", shown, patience.toSeconds());
    } else if (process.exitValue() != 0) {
      LOG.error("{} ended with {}", shown, process.exitValue());
    }
  }
}
