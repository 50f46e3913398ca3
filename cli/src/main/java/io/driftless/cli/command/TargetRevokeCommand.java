package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description = "Takes an agent off the list and ends its connections within seconds.")
final class TargetRevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "AGENT", description = "Name or id, as target agents shows them.")
  private String agent = "";

  private final Root root;

  TargetRevokeCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    JsonObject answer =
        root.client(AgentRole.TARGET).delete("/v1/agents/" + ControlClient.part(agent));
    root.answer(answer, "agent %s is revoked".formatted(Escaped.display(agent)));
    return ExitCode.DONE.number();
  }
}
