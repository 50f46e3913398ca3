package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.TargetText;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "agents", description = "Lists the agents that may connect.")
final class TargetAgentsCommand implements Callable<Integer> {
  private final Root root;

  TargetAgentsCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    JsonObject answer = root.client(AgentRole.TARGET).get("/v1/agents");
    root.answer(
        answer,
        TargetText.agents(StatusJson.readAgents(new Fields(answer)), root.host().moments()));
    return ExitCode.DONE.number();
  }
}
