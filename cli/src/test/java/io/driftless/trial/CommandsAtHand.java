package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.cli.assembly.Assembly;
import io.driftless.cli.command.CommandLineProgram;
import io.driftless.cli.command.Host;
import io.driftless.cli.command.Signals;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The commands of the program in this process: what a trial has to do before it begins costs no
 * start of a JVM for each.
 */
final class CommandsAtHand {
  private static final String VERSION = "trial";

  private CommandsAtHand() {}

  static Program.Run run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, false);
    var host =
        new Host(
            () -> Assembly.agents(VERSION),
            VERSION,
            terminal,
            InputStream.nullInputStream(),
            Moments.ofHost(),
            Map.of(),
            Path.of("/"),
            Thread::sleep,
            Signals.ofProcess());
    int exitCode = new CommandLineProgram(host).run(arguments);
    return new Program.Run(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }
}
