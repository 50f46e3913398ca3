package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.stage.StagingArea;

/**
 * The configured exclusions, and in the root the agent's own directory and what the file system
 * keeps for its repair. Immutable.
 */
final class OwnExclusions implements Exclusions {
  private static final Name LOST_AND_FOUND = Name.of("lost+found");

  private final Exclusions configured;
  private final boolean fileSystemRoot;

  OwnExclusions(Exclusions configured, ConfinedRoot root) throws LinuxException {
    this.configured = configured;
    this.fileSystemRoot = root.fd().status().isMountRoot();
  }

  @Override
  public InDirectory in(TreePath directory) {
    InDirectory rules = configured.in(directory);
    if (!directory.isRoot()) {
      return rules;
    }
    return (name, kind) ->
        name.equals(StagingArea.HOME) || isForRepair(name, kind) || rules.excludes(name, kind);
  }

  private boolean isForRepair(Name name, Kind kind) {
    return fileSystemRoot && kind == Kind.DIRECTORY && name.equals(LOST_AND_FOUND);
  }
}
