package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Moments;
import io.driftless.cli.screen.HistoryText;
import io.driftless.cli.screen.ProgressText;
import io.driftless.cli.screen.ReportText;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Passes that have ended, or what one of them did.")
final class HistoryCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The volume; may be left out where there is one.")
  private @Nullable String volume;

  @Parameters(index = "1", arity = "0..1", paramLabel = "PASS", description = "Number of one pass.")
  private @Nullable Long pass;

  @Option(
      names = "--deletes",
      description = "What the pass deleted, or would have if no guard had refused.")
  private boolean deletes;

  @Option(names = "--renames", description = "What the pass renamed on the target.")
  private boolean renames;

  private final Root root;

  HistoryCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    ControlClient client = root.client();
    Moments moments = root.host().moments();
    String name =
        new RemotePasses(client, moments)
            .choose(volume == null ? List.of() : List.of(volume), false)
            .getFirst();
    if (pass == null) {
      if (deletes || renames) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "usage",
            "--deletes and --renames are about one pass",
            "driftless history %s lists the passes; give the number of one".formatted(name));
      }
      JsonObject answer = client.get(RemotePasses.pathOf(name));
      root.answer(answer, list(name, new Fields(answer), moments));
    } else {
      JsonObject answer = client.get(RemotePasses.pathOf(name) + "/" + pass);
      if (deletes || renames) {
        return new ChronicleResults(root, new RemotePasses(client, moments))
            .show(ended(new Fields(answer)), wanted())
            .number();
      }
      root.answer(answer, one(new Fields(answer), moments));
    }
    return ExitCode.DONE.number();
  }

  private Set<Trait> wanted() {
    Set<Trait> wanted = EnumSet.noneOf(Trait.class);
    if (deletes) {
      wanted.add(Trait.EXTRA);
    }
    if (renames) {
      wanted.add(Trait.RENAMED);
    }
    return wanted;
  }

  private static PassReport ended(Fields answer) throws CommandFailure {
    if (answer.object().has("outcome")) {
      return PassJson.report(answer);
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "pass-not-ended",
        "pass %d of %s has not ended yet".formatted(answer.number("pass"), answer.text("volume")),
        "driftless status shows how far it is");
  }

  private static List<String> list(String name, Fields answer, Moments moments) {
    List<PassReport> passes = answer.list("passes").stream().map(PassJson::report).toList();
    return passes.isEmpty()
        ? List.of(name + "  no pass has ended yet")
        : HistoryText.lines(passes, moments);
  }

  private static List<String> one(Fields answer, Moments moments) {
    if (!answer.object().has("outcome")) {
      PassProgress progress = PassJson.progress(answer);
      return List.of(new ProgressText(moments, OptionalLong.empty()).line(progress));
    }
    PassReport report = PassJson.report(answer);
    var lines = new ArrayList<String>();
    lines.add(ReportText.line(report));
    lines.addAll(ReportText.details(report));
    lines.add("  started " + moments.full(report.startedAt()));
    return lines;
  }
}
