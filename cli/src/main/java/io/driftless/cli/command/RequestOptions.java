package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say what a pass may do. */
final class RequestOptions {
  private static final String ANY = "any";

  @Option(
      names = "--allow-deletes",
      arity = "0..1",
      fallbackValue = ANY,
      paramLabel = "N",
      description = "Allow this pass to delete beyond the guards, at most N entries if given.")
  private @Nullable String allowDeletes;

  @Option(
      names = "--content",
      description = "Compare the content of files whose size and times are equal, too.")
  private boolean content;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Change nothing, and show what would be done to each entry.")
  private boolean dryRun;

  @Option(
      names = {"-i", "--itemize"},
      description = "Show what was done to each entry, and why.")
  private boolean itemize;

  @Option(
      names = "--delete-excluded",
      description = "Delete from the target what the patterns exclude, too; it stays otherwise.")
  private boolean deleteExcluded;

  @Mixin private PartOption part = new PartOption();

  /** Shows what came of passes, as it was asked for. */
  ExitCode show(Root root, Passes passes, List<PassReport> reports) throws IOException {
    return dryRun || itemize
        ? new ItemizedResults(root, passes).show(reports)
        : PassResults.show(root, reports, passes.envelope());
  }

  private Effect effect() {
    return dryRun ? Effect.DRY_RUN : itemize ? Effect.ITEMIZE : Effect.APPLY;
  }

  PassRequest request() throws CommandFailure {
    return new PassRequest(
        content ? Compare.CONTENT : Compare.METADATA,
        effect(),
        allowDeletes == null ? Deletes.GUARDED : Deletes.ALLOWED,
        deletesMax(),
        deleteExcluded ? Excluded.DELETED : Excluded.PROTECTED,
        part.below());
  }

  private long deletesMax() throws CommandFailure {
    if (allowDeletes == null) {
      return 0;
    }
    if (allowDeletes.equals(ANY)) {
      return Long.MAX_VALUE;
    }
    if (!allowDeletes.matches("[0-9]{1,18}")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "--allow-deletes takes a number, not " + Escaped.display(allowDeletes),
          "write --allow-deletes=N, or --allow-deletes after the volumes");
    }
    return Long.parseLong(allowDeletes);
  }
}
