package io.driftless.cli.control;

import com.google.gson.JsonObject;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.target.session.TargetControl;
import java.util.List;
import java.util.Map;

/** A target in this process, asked as a running one is on its control socket. */
public final class LocalTarget {
  private final TargetRoutes routes;

  public LocalTarget(TargetControl target, String version) {
    this.routes =
        new TargetRoutes(
            target,
            () -> {
              throw new CommandFailure(
                  ExitCode.USAGE, "not-running", "no agent runs", "it reads it when it starts");
            },
            version);
  }

  /**
   * Answers as {@link ControlClient} would.
   *
   * @param path without the version, its parts not encoded
   */
  public JsonObject ask(String method, List<String> path, JsonObject body) throws CommandFailure {
    ControlAnswer answer =
        routes.answer(new ControlRequest(method, path, Map.of(), JsonText.of(body)));
    JsonObject answered = JsonText.parse(answer.text());
    if (answer.status() >= ControlAnswer.BAD_REQUEST) {
      throw ControlClient.refused(answer.status(), answered);
    }
    return answered;
  }
}
