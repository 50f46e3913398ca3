package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Rate;
import io.driftless.cli.screen.ThrottleText;
import io.driftless.protocol.pace.ThrottleStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The throttle of the agent that a command is about: what it says, and what is changed there. */
final class ThrottleAtHand {
  static final String PATH = "/v1/throttle";

  private final Root root;

  ThrottleAtHand(Root root) {
    this.root = root;
  }

  ThrottleStatus status() throws IOException {
    return status(client().get(PATH));
  }

  private static ThrottleStatus status(JsonObject answer) {
    return ThrottleJson.read(new Fields(answer).optionalFields("throttle").orElseThrow());
  }

  ControlClient client() throws CommandFailure {
    return root.client();
  }

  /** Shows an answer of the agent, its first line only. */
  int showLine(JsonObject answer) {
    var text = new ThrottleText(status(answer), root.host().moments());
    var lines = new ArrayList<String>();
    lines.add(text.line());
    lines.addAll(text.notices());
    root.answer(answer, lines);
    return ExitCode.DONE.number();
  }

  /** Changes the configuration, and shows what holds then. */
  int change(LiveChange.Edit edit, String what) throws IOException {
    Home home = root.presentHome();
    LiveChange.Effect effect = LiveChange.make(home, edit);
    if (effect == LiveChange.Effect.TAKEN_UP) {
      return showLine(client().get(PATH));
    }
    JsonObject object =
        new Envelope(Configuration.read(home).name().orElse(""), root.host().version()).open();
    object.addProperty("live", false);
    String run = "next: %s %s run".formatted(home.command(), home.role().word());
    root.answer(object, List.of(what, run));
    return ExitCode.DONE.number();
  }

  /** The rate that somebody wrote, if it is one. */
  static String rate(String text, String example) throws CommandFailure {
    try {
      var _ = Rate.parse(text);
      return text.strip();
    } catch (IllegalArgumentException e) {
      throw usage(e, example);
    }
  }

  static CommandFailure usage(IllegalArgumentException flaw, String example) {
    return new CommandFailure(ExitCode.USAGE, "usage", String.valueOf(flaw.getMessage()), example);
  }
}
