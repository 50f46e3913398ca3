package io.driftless.source.session;

import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.pace.DiskPace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a pass needs to know of its volume.
 *
 * @param root absolute
 * @param access what the pass may do on the target
 * @param generation of the volume as this agent knows it, 0 if it never met it
 * @param filterLines the patterns of {@code filter} as they were written, for the other side
 * @param ownPaths absolute; configuration, state and sockets of agents on this host
 * @param scratch a directory of the agent's own, for what does not fit into memory
 * @param witnesses a file of the agent's own, for what is known of the volume's slices; absent
 *     where nothing is to be remembered
 * @param pace of the disk, in all volumes of the agent together
 * @param priority of threads that pass over the tree
 * @param weight how much of a limited wire it gets beside other volumes, from 1 on
 */
public record PassSettings(
    String volume,
    Path root,
    Access access,
    long generation,
    Filter filter,
    List<String> filterLines,
    Owners owners,
    List<Path> ownPaths,
    Path scratch,
    Optional<Path> witnesses,
    DiskPace pace,
    Priority priority,
    int weight) {
  public PassSettings {
    filterLines = List.copyOf(filterLines);
    ownPaths = List.copyOf(ownPaths);
  }

  /**
   * The same for a pass that changes nothing and runs beside others: what is remembered of slices
   * is theirs.
   */
  public PassSettings toRead() {
    return new PassSettings(
        volume,
        root,
        Access.READ,
        generation,
        filter,
        filterLines,
        owners,
        ownPaths,
        scratch,
        Optional.empty(),
        pace,
        priority,
        weight);
  }
}
