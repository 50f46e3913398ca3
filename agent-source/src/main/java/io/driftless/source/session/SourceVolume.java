package io.driftless.source.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Role;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.message.VolumeMessage.VolumeKind;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.source.scan.Exclusions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** A volume whose root is open, as far as it is the same for the whole pass. Immutable. */
record SourceVolume(PassSettings settings, ConfinedRoot root) {
  OpenVolume opening() throws LinuxException {
    return new OpenVolume(
        settings.volume(),
        Role.SOURCE,
        VolumeKind.TREE,
        settings.access(),
        settings.generation(),
        identity(),
        settings.owners(),
        settings.filterLines());
  }

  private RootIdentity identity() throws LinuxException {
    long inode = root.fd().status().inode();
    int generation = root.fd().generation();
    return new RootIdentity(
        uuid(root.fd().fileSystemIdentity()), inode, Integer.toUnsignedLong(generation));
  }

  /** The UUID of a file system, or one made from what else identifies it. */
  static UUID uuid(String identity) {
    String prefix = "uuid:";
    if (identity.startsWith(prefix) && identity.length() == prefix.length() + 32) {
      return new UUID(
          HexFormat.fromHexDigitsToLong(identity, 5, 21),
          HexFormat.fromHexDigitsToLong(identity, 21, 37));
    }
    return UUID.nameUUIDFromBytes(identity.getBytes(UTF_8));
  }

  Exclusions exclusions() {
    Set<TreePath> inside = new HashSet<>();
    Path base = settings.root().normalize();
    for (Path own : settings.ownPaths()) {
      Path path = own.toAbsolutePath().normalize();
      if (path.startsWith(base) && !path.equals(base)) {
        inside.add(TreePath.of(base.relativize(path).toString()));
      }
    }
    return new Exclusions(settings.filter(), inside);
  }

  /**
   * What is known of the slices as this target is to see them.
   *
   * <p>Where owners go by name, every pass has to see all of them to announce their names.
   */
  WitnessStore witnesses(VolumeOpened opened, InstantSource clock) throws LinuxException {
    Optional<Path> file = settings.witnesses();
    if (file.isEmpty() || settings.owners() != Owners.NUMERIC) {
      return WitnessStore.none();
    }
    String identity =
        "source %s %x %s %s"
            .formatted(
                identity(),
                opened.seed(),
                String.join("\n", settings.filterLines()),
                settings.ownPaths());
    return WitnessStore.open(file.get(), identity, clock);
  }

  Consumer<Metadata> ownerObserver(Conversation conversation) {
    return settings.owners() == Owners.NUMERIC ? _ -> {} : new OwnerAnnouncer(conversation);
  }
}
