package io.driftless.cli.command;

import io.driftless.cli.daemon.Foreground;
import io.driftless.cli.home.Home;
import io.driftless.cli.logging.LogSetup;
import io.driftless.cli.logging.LogSetup.Format;
import io.driftless.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** A command that runs an agent until it is told to end. */
abstract sealed class DaemonCommand implements Callable<Integer>
    permits SourceRunCommand, TargetRunCommand {
  private static final long PATIENCE_SECONDS = 20;

  @Option(
      names = "--log-format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "Form of the log on stderr: text or json.")
  private Format logFormat = Format.TEXT;

  final Root root;

  DaemonCommand(Root root) {
    this.root = root;
  }

  @Override
  public final Integer call() throws Exception {
    LogSetup.ofAgent(root.isVerbose(), logFormat);
    var stop = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    return root.host()
        .signals()
        .during(
            () -> {
              try {
                run(new ForegroundFactory(stop));
                return ExitCode.DONE.number();
              } finally {
                ended.countDown();
              }
            },
            () -> end(stop, ended));
  }

  /** Reads the configuration and runs the agent. */
  abstract void run(ForegroundFactory foreground) throws Exception;

  /** Makes what runs the agent, once its home is known. */
  record ForegroundFactory(CountDownLatch stop) {
    Foreground in(Home home) {
      return new Foreground(home, stop);
    }
  }

  private static ExitCode end(CountDownLatch stop, CountDownLatch ended) {
    stop.countDown();
    try {
      return ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS) ? ExitCode.DONE : ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }
}
