package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.protocol.tree.TreePath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a volume a pass is about. */
final class PartOption {
  @Option(
      names = "--path",
      paramLabel = "SUB",
      description = "Only this directory of the volume, with all that is below it.")
  private @Nullable String path;

  TreePath below() throws CommandFailure {
    return path == null ? TreePath.ROOT : TreePathOption.parse(path);
  }
}
