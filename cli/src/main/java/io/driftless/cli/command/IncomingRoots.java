package io.driftless.cli.command;

import io.driftless.cli.config.VolumeConfig.Incoming;
import io.driftless.cli.guard.MountTable;
import io.driftless.cli.guard.TargetRoot;
import io.driftless.cli.guard.TargetRoot.Force;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets directories through the guard before they become roots of a target. */
final class IncomingRoots {
  private IncomingRoots() {}

  /**
   * The volumes as they are to be configured.
   *
   * @param taken other roots and our own directories
   * @throws io.driftless.cli.outcome.CommandFailure if one is refused
   */
  static List<Incoming> inspect(List<VolumeOption> wanted, List<Path> taken, Force force)
      throws IOException {
    MountTable mounts = MountTable.current();
    var all = new ArrayList<>(taken);
    var incoming = new ArrayList<Incoming>();
    for (VolumeOption volume : wanted) {
      TargetRoot inspected = TargetRoot.inspect(volume.path(), all, mounts, force);
      all.add(inspected.path());
      incoming.add(new Incoming(volume.name(), inspected.path(), inspected.mountPoint()));
    }
    return List.copyOf(incoming);
  }
}
