package io.driftless.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.wire.WireException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line: arguments in, exit code out. Failures are shown here and nowhere else. */
public final class CommandLineProgram {
  private final Root root;
  private final Host host;

  public CommandLineProgram(Host host) {
    this.host = host;
    this.root = new Root(host);
  }

  /** Runs the command and returns its exit code. */
  public int run(String... arguments) {
    CommandLine line = assemble(arguments);
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setOut(new PrintWriter(host.terminal().out(), true, UTF_8));
    line.setErr(new PrintWriter(host.terminal().err(), true, UTF_8));
    line.setParameterExceptionHandler((failure, _) -> show(usage(failure)).number());
    line.setExecutionExceptionHandler((failure, _, _) -> show(failure).number());
    line.setExitCodeExceptionMapper(_ -> ExitCode.FAILED.number());
    int exitCode = line.execute(arguments);
    return host.terminal().hasLostAnswer() ? lost(exitCode) : exitCode;
  }

  /** Success that nobody could read is none; a failure has its line on stderr already. */
  private int lost(int exitCode) {
    if (exitCode != ExitCode.DONE.number() && exitCode != ExitCode.PROBLEMS.number()) {
      return exitCode;
    }
    var failure =
        new CommandFailure(
            ExitCode.FAILED,
            "answer-lost",
            "what was asked for is done, but the answer could not be written to stdout",
            "look at where stdout goes: a full disk, or a program that has ended");
    host.terminal().remark(failure.line());
    return failure.exitCode().number();
  }

  /** All commands, or the one that is meant: making them all costs more than most of them do. */
  private CommandLine assemble(String... arguments) {
    var line = new CommandLine(root);
    line.getCommandSpec().version("driftless " + host.version());
    Map<String, Supplier<CommandLine>> commands = commands();
    String first = firstWord(arguments);
    if (commands.containsKey(first)) {
      line.addSubcommand(first, commands.get(first).get());
    } else {
      commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
    }
    return line;
  }

  private Map<String, Supplier<CommandLine>> commands() {
    var commands = new LinkedHashMap<String, Supplier<CommandLine>>();
    commands.put("copy", () -> new CommandLine(new CopyCommand(root)));
    commands.put("target", this::target);
    commands.put("source", this::source);
    commands.put("seed", () -> new CommandLine(new PassCommand(root)));
    commands.put("sync", () -> new CommandLine(new PassCommand(root)));
    commands.put("replicate", () -> new CommandLine(new ReplicateCommand(root)));
    commands.put("pause", () -> new CommandLine(new PauseCommand(root)));
    commands.put("resume", () -> new CommandLine(new ResumeCommand(root)));
    commands.put("barrier", () -> new CommandLine(new BarrierCommand(root)));
    commands.put("verify", () -> new CommandLine(new VerifyCommand(root)));
    commands.put("cancel", () -> new CommandLine(new CancelCommand(root)));
    commands.put("throttle", this::throttle);
    commands.put("status", () -> new CommandLine(new StatusCommand(root)));
    commands.put("check", () -> new CommandLine(new CheckCommand(root)));
    commands.put("problems", () -> new CommandLine(new ProblemsCommand(root)));
    commands.put("explain", () -> new CommandLine(new ExplainCommand(root)));
    commands.put("history", () -> new CommandLine(new HistoryCommand(root)));
    commands.put("config", this::config);
    commands.put("reload", () -> new CommandLine(new ReloadCommand(root)));
    return commands;
  }

  private CommandLine target() {
    return new CommandLine(new CommandGroup.Target())
        .addSubcommand("init", new TargetInitCommand(root))
        .addSubcommand("invite", new TargetInviteCommand(root))
        .addSubcommand("run", new TargetRunCommand(root))
        .addSubcommand("agents", new TargetAgentsCommand(root))
        .addSubcommand("revoke", new TargetRevokeCommand(root))
        .addSubcommand("release", new TargetReleaseCommand(root))
        .addSubcommand("reclaim", new TargetReclaimCommand(root))
        .addSubcommand("volume", volume(new TargetVolumeAddCommand(root), AgentRole.TARGET));
  }

  private CommandLine source() {
    return new CommandLine(new CommandGroup.Source())
        .addSubcommand("join", new SourceJoinCommand(root))
        .addSubcommand("run", new SourceRunCommand(root))
        .addSubcommand("volume", volume(new SourceVolumeAddCommand(root), AgentRole.SOURCE));
  }

  private CommandLine volume(Object add, AgentRole role) {
    return new CommandLine(new CommandGroup.Volume())
        .addSubcommand("add", add)
        .addSubcommand("remove", new VolumeRemoveCommand(root, role))
        .addSubcommand("list", new VolumeListCommand(root, role));
  }

  private CommandLine throttle() {
    return new CommandLine(new ThrottleCommand(root))
        .addSubcommand("base", new ThrottleBaseCommand(root))
        .addSubcommand("set", new ThrottleSetCommand(root))
        .addSubcommand("off", new ThrottleOffCommand(root))
        .addSubcommand("clear", new ThrottleClearCommand(root))
        .addSubcommand("zone", new ThrottleZoneCommand(root))
        .addSubcommand(
            "schedule",
            new CommandLine(new CommandGroup.Schedule())
                .addSubcommand("add", new ScheduleAddCommand(root))
                .addSubcommand("remove", new ScheduleRemoveCommand(root))
                .addSubcommand("list", new ScheduleListCommand(root)));
  }

  private CommandLine config() {
    return new CommandLine(new CommandGroup.Config())
        .addSubcommand("check", new ConfigCheckCommand(root))
        .addSubcommand("show", new ConfigShowCommand(root));
  }

  /** The first argument that is neither an option nor the value of one. */
  private static String firstWord(String... arguments) {
    List<String> withValue = List.of("--home", "--role", "--progress");
    for (int i = 0; i < arguments.length; i++) {
      if (withValue.contains(arguments[i])) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return arguments[i];
      }
    }
    return "";
  }

  private static CommandFailure usage(ParameterException failure) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    List<String> meant =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    String hint = meant.isEmpty() ? "" : "did you mean " + String.join(" or ", meant) + "? ";
    return new CommandFailure(
        ExitCode.USAGE,
        "usage",
        Escaped.display(String.valueOf(failure.getMessage()).replace('\n', ' ')),
        hint + "see " + command + " --help",
        failure);
  }

  private ExitCode show(Exception failure) {
    CommandFailure shown =
        switch (failure) {
          case CommandFailure known -> known;
          case WireException wire ->
              new CommandFailure(
                  ExitCode.FAILED,
                  wire.slug(),
                  Escaped.message(String.valueOf(wire.getMessage())),
                  wire.hint(),
                  wire);
          default -> unexpected(failure);
        };
    host.terminal().remark(shown.line());
    if (root.isVerbose()) {
      failure.printStackTrace(host.terminal().err());
      host.terminal().err().flush();
    }
    if (root.isJson()) {
      host.terminal().answer(JsonText.of(json(shown)));
    }
    return shown.exitCode();
  }

  private JsonObject json(CommandFailure failure) {
    JsonObject object = new Envelope("", host.version()).open();
    var error = new JsonObject();
    error.addProperty("slug", failure.slug());
    error.addProperty("message", failure.message());
    error.addProperty("hint", failure.hint());
    object.add("error", error);
    return object;
  }

  private static CommandFailure unexpected(Exception failure) {
    boolean badLuck = failure instanceof IOException;
    return new CommandFailure(
        ExitCode.FAILED,
        badLuck ? "io" : "internal",
        Escaped.display(failure.toString()),
        badLuck ? "-v shows where" : "this is a defect: report it with what -v shows",
        failure);
  }
}
