package io.driftless.cli.command;

import io.driftless.cli.config.Configuration;
import io.driftless.cli.control.ControlServer.Reload;
import io.driftless.cli.daemon.Foreground;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.home.Home;
import io.driftless.cli.logging.LogSetup;
import io.driftless.cli.logging.LogSetup.Format;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.util.Optional;
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

  /** Has the agent take up its configuration, but for what was opened for it here. */
  static Reload reload(Home home, Optional<String> http, RunningAgent<?> agent) {
    return () -> {
      if (!Configuration.read(home).http().equals(http)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "restart-needed",
            "the configuration has changed in what counts at the start only: http",
            "restart the agent; until then it goes on as it was");
      }
      agent.reload();
    };
  }

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
