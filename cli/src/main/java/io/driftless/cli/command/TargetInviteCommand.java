package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.config.HostPort;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Shown;
import io.driftless.cli.quantity.Span;
import io.driftless.target.session.TargetControl.InviteRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "invite",
    description = "Makes a token with which one new source can join. Prints the token alone.",
    sortOptions = false)
final class TargetInviteCommand implements Callable<Integer> {
  @Option(
      names = "--agent",
      paramLabel = "A",
      description = "Name that the source must take; any if left out.")
  private @Nullable String agent;

  @Option(
      names = "--volume",
      paramLabel = "NAME",
      description = "A volume that it may bring; all that no agent brings yet if left out.")
  private List<String> volumes = new ArrayList<>();

  @Option(
      names = "--address",
      paramLabel = "HOST[:PORT]",
      description = "Where the source finds this target. May be repeated.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long the token is good for (${DEFAULT-VALUE}).")
  private String ttl = "1h";

  private final Root root;

  TargetInviteCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    InviteRequest request = request();
    JsonObject answer =
        root.client(AgentRole.TARGET).post("/v1/invitations", RequestJson.of(request));
    root.answer(answer, new Fields(answer).text("token"));
    root.remark(
        "good for %s and one source; there: driftless source join TOKEN --volume NAME=PATH"
            .formatted(Shown.span(request.validFor())));
    return ExitCode.DONE.number();
  }

  private InviteRequest request() throws CommandFailure {
    for (String volume : volumes) {
      VolumeOption.requireName(volume);
    }
    try {
      Duration validFor = Span.parse(ttl);
      List<String> reachable =
          addresses.stream().map(text -> HostPort.withPort(text, HostPort.DEFAULT_PORT)).toList();
      return new InviteRequest(Optional.ofNullable(agent), volumes, reachable, validFor);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          String.valueOf(e.getMessage()),
          "see driftless target invite --help",
          e);
    }
  }
}
