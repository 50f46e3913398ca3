package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.LaterChangeJson;
import io.driftless.cli.json.OwnershipJson;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.json.RequestJson.Reclaim;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.compare.LaterChanges;
import io.driftless.target.compare.LaterChanges.Change;
import io.driftless.target.compare.LaterChanges.Summary;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.Release;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "reclaim",
    description =
        "Gives a released volume back: shows what was written to it, and lets its source write again.")
final class TargetReclaimCommand implements Callable<Integer> {
  private static final int LISTED_MAX = 20;

  @Parameters(paramLabel = "NAME", description = "The volume.")
  private String name = "";

  @Option(
      names = "--discard-changes",
      description = "What was written here since the release may be lost.")
  private boolean discard;

  private final Root root;

  TargetReclaimCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    try (var target = new TargetAtHand(root)) {
      JsonObject answer = target.get("volumes", name, "ownership");
      Ownership volume = OwnershipJson.read(answer);
      Optional<Release> release = volume.release();
      return (release.isPresent() ? reclaim(target, answer, release.get()) : stay(target, volume))
          .number();
    }
  }

  /** Nothing was taken from its source; one that knows an older generation may write again. */
  private ExitCode stay(TargetAtHand target, Ownership volume) throws IOException {
    JsonObject answer = give(target, volume, Written.NOTHING);
    root.answer(
        answer, "%s is not released: its source may write to it".formatted(volume.volume()));
    return ExitCode.DONE;
  }

  private JsonObject give(TargetAtHand target, Ownership volume, Written written)
      throws IOException {
    var request = new Reclaim(volume.release().flatMap(Release::quietSince), written);
    return target.post(RequestJson.of(request), "volumes", volume.volume(), "reclaim");
  }

  private ExitCode reclaim(TargetAtHand target, JsonObject before, Release release)
      throws IOException {
    Ownership volume = OwnershipJson.read(before);
    var shown = new ArrayList<String>();
    Summary found = look(volume, release, shown);
    boolean isWritten = found.changes() > 0 || found.unread() > 0;
    if (isWritten && !discard) {
      return refuse(before, found, shown);
    }
    JsonObject answer = give(target, volume, isWritten ? Written.SOMETHING : Written.NOTHING);
    LaterChangeJson.add(answer, found);
    var lines = new ArrayList<String>();
    lines.add(
        "%s is reclaimed: %s may write to it again"
            .formatted(volume.volume(), volume.agent().map(Escaped::display).orElse("its source")));
    lines.addAll(shown);
    if (isWritten) {
      lines.add(
          "  next:      on the source: driftless sync %s; it replaces and deletes what was written here, within its guards"
              .formatted(volume.volume()));
    } else {
      lines.add("  next:      on the source: driftless sync " + volume.volume());
    }
    root.answer(answer, lines);
    return ExitCode.DONE;
  }

  /** Goes through the whole volume here, in this process: the agent has better things to do. */
  private Summary look(Ownership volume, Release release, List<String> shown) throws IOException {
    Instant since = release.quietSince().orElse(release.since());
    try {
      Summary found =
          LaterChanges.in(volume.root(), since).forEach(change -> show(volume, change, shown));
      describe(found, since, shown);
      return found;
    } catch (LinuxException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "target-root",
          "what was written to %s can't be looked for: %s"
              .formatted(volume.volume(), e.getMessage()),
          "give the command to root, and where the volume's file system is mounted",
          e);
    }
  }

  private void show(Ownership volume, Change change, List<String> shown) {
    if (root.isJson()) {
      root.terminal().answer(JsonText.of(LaterChangeJson.of(volume.volume(), change)));
    } else if (shown.size() < LISTED_MAX) {
      shown.add(
          "  %-7s  %s  (%s, %s)"
              .formatted(
                  change.isNew() ? "created" : "changed",
                  change.path(),
                  DifferenceJson.word(change.kind()),
                  root.host().moments().full(change.at())));
    }
  }

  private void describe(Summary found, Instant since, List<String> shown) {
    String when = root.host().moments().full(since);
    if (found.changes() == 0) {
      shown.addFirst("  written:   nothing since " + when);
    } else {
      shown.addFirst(
          "  written:   %s since %s: %s created, %s changed"
              .formatted(
                  Shown.count(found.changes(), "entry", "entries"),
                  when,
                  Shown.count(found.created()),
                  Shown.count(found.changes() - found.created())));
      if (found.changes() > LISTED_MAX) {
        shown.add(
            "  and %s more; --json lists all".formatted(Shown.count(found.changes() - LISTED_MAX)));
      }
    }
    if (found.unread() > 0) {
      shown.add(
          "  unread:    %s, which may hold changes"
              .formatted(Shown.count(found.unread(), "directory", "directories")));
    }
    shown.add("  unseen:    what was deleted, and what was written with the clock set back");
  }

  private ExitCode refuse(JsonObject before, Summary found, List<String> shown) {
    Ownership volume = OwnershipJson.read(before);
    var failure =
        new CommandFailure(
            ExitCode.REFUSED,
            "written-since-release",
            "%s: %s created or changed on the target since it was released"
                .formatted(
                    volume.volume(),
                    found.changes() > 0
                        ? Shown.count(found.changes(), "entry was", "entries were")
                        : "something may have been"),
            "save what is to stay, then let the source replace the rest: driftless target reclaim %s --discard-changes"
                .formatted(volume.volume()));
    root.terminal().remark(failure.line());
    shown.forEach(root.terminal()::remark);
    if (root.isJson()) {
      root.terminal().answer(JsonText.of(LaterChangeJson.refused(before, found, failure)));
    }
    return failure.exitCode();
  }
}
