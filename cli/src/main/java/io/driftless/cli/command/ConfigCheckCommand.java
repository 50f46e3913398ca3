package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.Flaw;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Homes;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.ErrorLine;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = "Says everything that is wrong with the configuration: 0 if nothing is, 2 else.")
final class ConfigCheckCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "A file to look at, as if it were the agent's.")
  private @Nullable Path file;

  private final Root root;

  ConfigCheckCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    Configuration configuration = read();
    List<Flaw> flaws = configuration.flaws();
    flaws.forEach(flaw -> root.terminal().remark(ErrorLine.of("config", flaw.toString(), "")));
    if (root.isJson() || flaws.isEmpty()) {
      root.answer(
          json(flaws),
          "%s is good for a %s with %d volume%s"
              .formatted(
                  Escaped.display(configuration.file().toString()),
                  configuration.role().word(),
                  configuration.volumeNames().size(),
                  configuration.volumeNames().size() == 1 ? "" : "s"));
    }
    return (flaws.isEmpty() ? ExitCode.DONE : ExitCode.USAGE).number();
  }

  private Configuration read() throws IOException {
    Path given = file;
    if (given == null) {
      return Configuration.read(root.presentHome());
    }
    AgentRole role = root.role().orElseGet(() -> Homes.roleOf(given));
    return Configuration.read(role, given);
  }

  private JsonObject json(List<Flaw> flaws) {
    JsonObject object = new Envelope("", root.host().version()).open();
    object.addProperty("valid", flaws.isEmpty());
    var errors = new JsonArray();
    flaws.forEach(flaw -> errors.add(flaw.toString()));
    object.add("errors", errors);
    return object;
  }
}
