package io.driftless.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.screen.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code driftless} itself: the options that every command takes. */
@Command(
    name = "driftless",
    description = "Moves directory trees between servers, exact to the bit.",
    sortOptions = false,
    sortSynopsis = false)
final class Root implements Runnable {
  /** How progress is shown. */
  enum ProgressForm {
    json,
    text,
    none
  }

  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "All files of the agent lie in DIR (also DRIFTLESS_HOME).")
  private @Nullable Path home;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      scope = ScopeType.INHERIT,
      description = "source or target, where both live on this host.")
  private @Nullable AgentRole role;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Say more: stack traces with errors, details in the log.")
  private boolean verbose;

  @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no remarks.")
  private boolean quiet;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "One JSON object on stdout, everything else on stderr.")
  private boolean json;

  @Option(
      names = "--progress",
      paramLabel = "FORM",
      scope = ScopeType.INHERIT,
      description = "Progress on stderr: text, json (one object on each line), none.")
  private @Nullable ProgressForm progress;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this and end.")
  @SuppressWarnings("unused") // picocli ends the command when it is set
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version and end.")
  @SuppressWarnings("unused") // as above
  private boolean version;

  @Spec private @Nullable CommandSpec spec;

  private final Host host;

  Root(Host host) {
    this.host = host;
  }

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "which command? driftless --help lists them");
  }

  Host host() {
    return host;
  }

  Terminal terminal() {
    return host.terminal();
  }

  boolean isVerbose() {
    return verbose;
  }

  boolean isQuiet() {
    return quiet;
  }

  boolean isJson() {
    return json;
  }

  ProgressForm progress() {
    return progress != null ? progress : quiet ? ProgressForm.none : ProgressForm.text;
  }

  Homes homes() {
    return new Homes(host.systemRoot(), givenHome(), Optional.ofNullable(role));
  }

  Optional<AgentRole> role() {
    return Optional.ofNullable(role);
  }

  private Optional<Path> givenHome() {
    return Optional.ofNullable(home)
        .or(() ->
            Optional.ofNullable(host.environment().get("DRIFTLESS_HOME"))
                .filter(text -> !text.isEmpty())
                .map(Path::of));
  }

  /** The agent that the command is about. */
  ControlClient client() throws CommandFailure {
    return new ControlClient(homes().present());
  }

  /** The agent of this role. */
  ControlClient client(AgentRole wanted) throws CommandFailure {
    return new ControlClient(homes().of(wanted));
  }

  /** Home of the agent that the command is about. */
  Home presentHome() throws CommandFailure {
    return homes().present();
  }

  /** The answer, as JSON where that is wanted. */
  void answer(JsonElement object, List<String> lines) {
    if (json) {
      terminal().answer(JsonText.of(object));
    } else {
      terminal().answer(lines);
    }
  }

  void answer(JsonObject object, String line) {
    answer(object, List.of(line));
  }

  /** A line beside the answer, unless it is to be quiet. */
  void remark(String line) {
    if (!quiet) {
      terminal().remark(line);
    }
  }
}
