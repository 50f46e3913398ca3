package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "pause",
    description = {
      "Ships nothing and begins no pass by itself, also across a restart of the agent.",
      "Changes are still noticed. A pass that somebody asks for (sync, verify) runs all the same."
    },
    sortOptions = false)
final class PauseCommand implements Callable<Integer> {
  @Mixin private VolumeChoice volumes = new VolumeChoice();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "So long, for example 30m or 2h; without it until resume.")
  private @Nullable String length;

  private final Root root;

  PauseCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Duration> given = LengthText.parse(length, "driftless pause --for 2h");
    ControlClient client = root.client();
    var replicated = new ReplicatedVolumes(new RemotePasses(client, root.host().moments()));
    var results = new JsonArray();
    var lines = new ArrayList<String>();
    for (String volume : replicated.among(volumes, "pause")) {
      JsonObject answer = client.put(ReplicatedVolumes.pauseOf(volume), RequestJson.ofPause(given));
      Optional<Instant> until = new Fields(answer).optionalInstant("pausedUntil");
      var result = new JsonObject();
      result.addProperty("volume", volume);
      result.addProperty("paused", true);
      result.add("pausedUntil", answer.get("pausedUntil"));
      results.add(result);
      lines.add(
          volume
              + "  is paused until "
              + until.map(root.host().moments()::full).orElse("driftless resume " + volume));
    }
    JsonObject object = replicated.envelope().open();
    object.add("volumes", results);
    root.answer(object, lines);
    return ExitCode.DONE.number();
  }
}
