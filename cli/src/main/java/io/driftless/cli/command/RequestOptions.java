package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassRequest;
import org.jspecify.annotations.Nullable;
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

  PassRequest request() throws CommandFailure {
    return new PassRequest(
        Compare.METADATA,
        Effect.APPLY,
        allowDeletes == null ? Deletes.GUARDED : Deletes.ALLOWED,
        deletesMax(),
        TreePath.ROOT);
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
