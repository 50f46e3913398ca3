package io.driftless.cli;

import io.driftless.cli.command.CommandLineProgram;
import io.driftless.cli.command.Host;
import io.driftless.cli.command.Signals;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.screen.Terminal;
import java.nio.file.Path;

/** The program: this process as a host of one command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLineProgram(host()).run(args));
  }

  static Host host() {
    return new Host(
        Composition::agents,
        Version.number(),
        Terminal.ofProcess(System.getenv()),
        System.in,
        Moments.ofHost(),
        System.getenv(),
        Path.of("/"),
        Thread::sleep,
        Signals.ofProcess());
  }
}
