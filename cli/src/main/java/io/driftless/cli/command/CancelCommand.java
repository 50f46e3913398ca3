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

@Command(
    name = "cancel",
    description = "Ends the running pass and those that wait; what is durable stays.")
final class CancelCommand implements Callable<Integer> {
  @Mixin private VolumeChoice volumes = new VolumeChoice();

  private final Root root;

  CancelCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    ControlClient client = root.client();
    var passes = new RemotePasses(client, root.host().moments());
    JsonObject object = passes.envelope().open();
    var results = new JsonArray();
    var lines = new ArrayList<String>();
    for (String volume : volumes.among(passes)) {
      boolean cancelled = new Fields(client.delete(RemotePasses.pathOf(volume))).flag("cancelled");
      var result = new JsonObject();
      result.addProperty("volume", volume);
      result.addProperty("cancelled", cancelled);
      results.add(result);
      lines.add(volume + (cancelled ? "  is cancelled" : "  had no pass to cancel"));
    }
    object.add("volumes", results);
    root.answer(object, lines);
    return ExitCode.DONE.number();
  }
}
