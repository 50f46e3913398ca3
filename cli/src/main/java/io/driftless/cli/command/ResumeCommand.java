package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.Fields;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "resume", description = "Lets paused volumes go on at once.", sortOptions = false)
final class ResumeCommand implements Callable<Integer> {
  @Mixin private VolumeChoice volumes = new VolumeChoice();

  private final Root root;

  ResumeCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    ControlClient client = root.client();
    var replicated = new ReplicatedVolumes(new RemotePasses(client, root.host().moments()));
    var results = new JsonArray();
    var lines = new ArrayList<String>();
    for (String volume : replicated.among(volumes, "resume")) {
      boolean resumed =
          new Fields(client.delete(ReplicatedVolumes.pauseOf(volume))).flag("resumed");
      var result = new JsonObject();
      result.addProperty("volume", volume);
      result.addProperty("resumed", resumed);
      results.add(result);
      lines.add(volume + (resumed ? "  goes on" : "  was not paused"));
    }
    JsonObject object = replicated.envelope().open();
    object.add("volumes", results);
    root.answer(object, lines);
    return ExitCode.DONE.number();
  }
}
