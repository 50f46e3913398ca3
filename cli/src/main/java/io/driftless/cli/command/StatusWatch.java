package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.quantity.Shown;
import io.driftless.cli.screen.StatusText;
import io.driftless.cli.screen.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows the status again and again, also across a restart of the agent. On a terminal it fills the
 * window; elsewhere it writes a line for each volume, or an object on each line.
 */
final class StatusWatch {
  private static final Duration DRAWN_EVERY = Duration.ofSeconds(1);
  private static final Duration WRITTEN_EVERY = Duration.ofSeconds(2);

  private final Root root;
  private final Terminal terminal;
  private final Moments moments;
  private final Question question;
  private final Function<JsonObject, List<String>> page;
  private List<String> last = List.of();
  private @Nullable Instant awaySince;

  /** Asks the agent. */
  @FunctionalInterface
  interface Question {
    JsonObject ask() throws CommandFailure;
  }

  /**
   * A watch that has not begun.
   *
   * @param page the whole status as lines
   */
  StatusWatch(Root root, Question question, Function<JsonObject, List<String>> page) {
    this.root = root;
    this.terminal = root.terminal();
    this.moments = root.host().moments();
    this.question = question;
    this.page = page;
  }

  /** Goes on until it is told to end, or nobody reads it any more. */
  ExitCode run() throws Exception {
    return root.host()
        .signals()
        .during(
            () -> {
              watch();
              return ExitCode.DONE;
            },
            () -> {
              terminal.leave();
              return ExitCode.DONE;
            });
  }

  private void watch() throws CommandFailure, InterruptedException {
    boolean drawn = terminal.isScreen() && !root.isJson();
    while (!terminal.hasLostAnswer()) {
      try {
        JsonObject status = question.ask();
        awaySince = null;
        show(status, drawn);
      } catch (CommandFailure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE) {
          terminal.leave();
          throw e;
        }
        showAway(e, drawn);
      }
      root.host().pause().pause(drawn ? DRAWN_EVERY : WRITTEN_EVERY);
    }
  }

  private void show(JsonObject status, boolean drawn) {
    if (root.isJson()) {
      terminal.answer(JsonText.of(status));
      return;
    }
    if (drawn) {
      last = page.apply(status);
      var lines = new ArrayList<>(last);
      lines.add("");
      lines.add(moments.full(moments.now()) + "   Ctrl-C ends this view");
      terminal.draw(lines);
      return;
    }
    String now = moments.clockSeconds(moments.now());
    StatusText.briefly(StatusJson.read(status)).forEach(line -> terminal.answer(now + "  " + line));
  }

  private void showAway(CommandFailure failure, boolean drawn) {
    Instant now = moments.now();
    Instant since = awaySince == null ? now : awaySince;
    awaySince = since;
    String line =
        "not reachable since %s (%s): %s"
            .formatted(
                moments.clockSeconds(since),
                Shown.span(Duration.between(since, now)),
                failure.message());
    if (root.isJson()) {
      JsonObject object = new Envelope("", root.host().version()).open();
      var error = new JsonObject();
      error.addProperty("slug", failure.slug());
      error.addProperty("message", failure.message());
      error.addProperty("hint", failure.hint());
      object.add("error", error);
      terminal.answer(JsonText.of(object));
    } else if (drawn) {
      var lines = new ArrayList<String>();
      lines.add(line);
      if (!last.isEmpty()) {
        lines.add("");
        lines.add("As it was before:");
        lines.addAll(last);
      }
      terminal.draw(lines);
    } else {
      terminal.answer(moments.clockSeconds(now) + "  " + line);
    }
  }
}
