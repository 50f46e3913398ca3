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
import java.util.function.Function;

/** The throttle of the agent that a command is about: what it says, and what is changed there. */
final class ThrottleAtHand {
  static final String PATH = "/v1/throttle";

  private final Root root;

  ThrottleAtHand(Root root) {
    this.root = root;
  }

  ThrottleStatus status() throws IOException {
    return ThrottleJson.readOf(new Fields(client().get(PATH)));
  }

  ControlClient client() throws CommandFailure {
    return root.client();
  }

  /** Shows an answer of the agent, its first line only. */
  int showLine(JsonObject answer) {
    return show(
        answer,
        text -> {
          var lines = new ArrayList<String>();
          lines.add(text.line());
          lines.addAll(text.notices());
          return lines;
        });
  }

  /** Asks the agent, and shows what there is to say of it. */
  int show(Function<ThrottleText, List<String>> lines) throws IOException {
    return show(client().get(PATH), lines);
  }

  private int show(JsonObject answer, Function<ThrottleText, List<String>> lines) {
    var status = ThrottleJson.readOf(new Fields(answer));
    root.answer(answer, lines.apply(new ThrottleText(status, root.host().moments())));
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
