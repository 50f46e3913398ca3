package io.driftless.target.agent;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.agent.ReplicaSettings.Mounting;
import java.util.Optional;

/** Looks whether the root of a volume is still what it was when it was set up. */
final class RootCheck {
  private RootCheck() {}

  static void check(ReplicaSettings volume) throws Refusal {
    String path = volume.root().toString();
    try (ConfinedRoot root = ConfinedRoot.open(path)) {
      if (volume.mounting() == Mounting.MOUNT_POINT && !root.fd().status().isMountRoot()) {
        throw new Refusal(
            "not-mounted",
            "%s was a mount point when volume %s was set up and is none now"
                .formatted(Escaped.display(path), volume.name()),
            "mount its file system on the target, then go on");
      }
    } catch (LinuxException e) {
      throw new Refusal(
          "target-root",
          "the root of volume %s can't be opened: %s".formatted(volume.name(), e.getMessage()),
          "make the directory %s on the target, or correct the configuration"
              .formatted(Escaped.display(path)));
    }
  }

  /** What is free at the root, if it can be opened just now. */
  static Optional<Room> room(ReplicaSettings volume) {
    try (ConfinedRoot root = ConfinedRoot.open(volume.root().toString())) {
      FileSystem now = root.fd().fileSystem();
      return Optional.of(new Room(now.bytesAvailable(), now.inodesFree()));
    } catch (LinuxException e) {
      return Optional.empty();
    }
  }
}
