package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.BarrierJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ErrorLine;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Shown;
import io.driftless.cli.quantity.Span;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.BarrierStatus.Part;
import io.driftless.source.session.BarrierStatus.State;
import io.driftless.source.session.BarrierStatus.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "barrier",
    description = {
      "Waits until everything that was written before now is proven to be on the target.",
      "Several volumes share one moment. Ends with 0 when it is proven, 1 if it is not in time,",
      "4 where waiting can't help: a volume is paused, held or released."
    },
    sortOptions = false)
final class BarrierCommand implements Callable<Integer> {
  private static final Duration POLL_AT_FIRST = Duration.ofMillis(20);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int POLLS_AT_FIRST = 100;

  @Mixin private VolumeChoice volumes = new VolumeChoice();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long to wait; 30s if it is left out.")
  private String timeout = "30s";

  private final Root root;

  BarrierCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    Duration patience = patience();
    ControlClient client = root.client();
    List<String> meant = volumes.among(new RemotePasses(client, root.host().moments()));
    JsonObject begun =
        client.post("/v1/barriers", BarrierJson.of(new BarrierJson.Request(meant, patience)));
    String path = "/v1/barriers/" + BarrierJson.read(begun).number();
    return root.host()
        .signals()
        .during(() -> show(await(client, path)), () -> giveUp(path))
        .number();
  }

  private Duration patience() throws CommandFailure {
    try {
      Duration parsed = Span.parse(timeout);
      if (parsed.isZero()) {
        throw new IllegalArgumentException("--timeout takes more than nothing");
      }
      return parsed;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          String.valueOf(e.getMessage()),
          "driftless barrier --timeout 30s");
    }
  }

  private JsonObject await(ControlClient client, String path)
      throws CommandFailure, InterruptedException {
    for (int polls = 0; ; polls++) {
      JsonObject answer = client.get(path);
      if (BarrierJson.read(answer).state() != State.WAITING) {
        return answer;
      }
      root.host().pause().pause(polls < POLLS_AT_FIRST ? POLL_AT_FIRST : POLL);
    }
  }

  /** What was asked for was nothing but to wait. */
  private ExitCode giveUp(String path) {
    try {
      root.client().delete(path);
    } catch (IOException e) {
      // The agent is away, and with it whatever waited there.
    }
    root.terminal().remark("given up; nothing has changed");
    return ExitCode.DETACHED;
  }

  private ExitCode show(JsonObject answer) {
    BarrierStatus barrier = BarrierJson.read(answer);
    for (Part part : barrier.parts()) {
      if (part.verdict() != Verdict.REACHED && part.verdict() != Verdict.WAITING) {
        root.terminal().remark(line(part));
        part.problems()
            .forEach(problem ->
                root.remark(
                    "  %s  %s"
                        .formatted(problem.reason(), Escaped.display(problem.path().toString()))));
      }
    }
    if (root.isJson()) {
      root.answer(answer, List.of());
    } else if (barrier.state() == State.REACHED) {
      root.answer(answer, reached(barrier));
    }
    return barrier.parts().stream()
        .map(part -> exitCode(part.verdict()))
        .reduce(ExitCode.DONE, ExitCode::and);
  }

  private String reached(BarrierStatus barrier) {
    return "%s  in sync as of %s, proven in %s"
        .formatted(
            barrier.parts().stream().map(Part::volume).collect(Collectors.joining(", ")),
            root.host().moments().exact(barrier.moment()),
            Shown.span(barrier.took()));
  }

  private static String line(Part part) {
    return ErrorLine.of(
        slug(part.verdict()),
        part.volume() + ": " + Escaped.message(part.missing()),
        Escaped.message(part.next()));
  }

  private static String slug(Verdict verdict) {
    return switch (verdict) {
      case WAITING, REACHED, LATE -> "not-in-time";
      case PROBLEMS -> "not-proven";
      case CANCELLED -> "cancelled";
      case REFUSED -> "not-possible";
      case FAILED -> "failed";
    };
  }

  private static ExitCode exitCode(Verdict verdict) {
    return switch (verdict) {
      case WAITING, REACHED -> ExitCode.DONE;
      case LATE, PROBLEMS, CANCELLED -> ExitCode.PROBLEMS;
      case REFUSED -> ExitCode.REFUSED;
      case FAILED -> ExitCode.FAILED;
    };
  }
}
