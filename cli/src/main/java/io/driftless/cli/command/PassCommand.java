package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.source.session.PassRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code seed} and {@code sync}: the first pass and the next ones are the same. */
@Command(
    description = "Brings volumes up to date on their target and waits for it.",
    sortOptions = false)
final class PassCommand implements Callable<Integer> {
  @Mixin private VolumeChoice volumes = new VolumeChoice();

  @Option(names = "--detach", description = "Ask for it and do not wait.")
  private boolean detach;

  @Mixin private RequestOptions requested = new RequestOptions();

  private final Root root;

  PassCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    PassRequest request = requested.request();
    var passes = new RemotePasses(root.client(), root.host().moments());
    Map<String, Long> asked = passes.request(volumes.among(passes), request);
    if (detach) {
      return showAsked(asked, passes.envelope());
    }
    return root.host()
        .signals()
        .during(() -> watch(passes, asked), () -> detach(List.copyOf(asked.keySet())))
        .number();
  }

  private int showAsked(Map<String, Long> asked, Envelope envelope) {
    JsonObject object = envelope.open();
    var passes = new JsonArray();
    var lines = new ArrayList<String>();
    asked.forEach((volume, pass) -> {
      var each = new JsonObject();
      each.addProperty("volume", volume);
      each.addProperty("pass", pass);
      passes.add(each);
      lines.add("%s  pass %d is asked for; driftless status shows it".formatted(volume, pass));
    });
    object.add("passes", passes);
    root.answer(object, lines);
    return ExitCode.DONE.number();
  }

  private ExitCode watch(Passes passes, Map<String, Long> asked)
      throws IOException, InterruptedException {
    return requested.show(root, passes, new PassWatch(root, passes).await(asked));
  }

  private ExitCode detach(List<String> volumes) {
    return PassWatch.detach(root, String.join(", ", volumes), volumes);
  }
}
