package io.driftless.cli.command;

import io.driftless.cli.daemon.Agents;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.screen.Terminal;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command finds around it.
 *
 * @param version of this program
 * @param systemRoot {@code /}
 * @param signals what happens when the process is told to end
 */
public record Host(
    Supplier<Agents> agents,
    String version,
    Terminal terminal,
    InputStream in,
    Moments moments,
    Map<String, String> environment,
    Path systemRoot,
    Pause pause,
    Signals signals) {

  /** Waits a while. */
  @FunctionalInterface
  public interface Pause {
    void pause(java.time.Duration time) throws InterruptedException;
  }
}
