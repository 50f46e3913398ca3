package io.driftless.cli.command;

import io.driftless.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Decides what happens when this process is told to end: Ctrl-C, a lost terminal, a stop. */
public interface Signals {
  /**
   * Does something; when the process is told to end meanwhile, {@code onSignal} runs on another
   * thread and its exit code is that of the process.
   */
  <T> T during(Callable<T> work, Supplier<ExitCode> onSignal) throws Exception;

  /** Signals of this process. */
  static Signals ofProcess() {
    return new ShutdownHook();
  }

  /** Through the hooks that the virtual machine runs at SIGINT, SIGTERM and SIGHUP. */
  final class ShutdownHook implements Signals {
    private ShutdownHook() {}

    @Override
    public <T> T during(Callable<T> work, Supplier<ExitCode> onSignal) throws Exception {
      Thread hook =
          Thread.ofPlatform()
              .name("signal")
              .unstarted(() -> Runtime.getRuntime().halt(onSignal.get().number()));
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        return work.call();
      } finally {
        remove(hook);
      }
    }

    private static void remove(Thread hook) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is running: it ends the process, and what this thread does next no longer matters.
      }
    }
  }
}
