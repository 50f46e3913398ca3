package io.driftless.source.agent;

import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.pace.DiskPace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One volume of a source agent, as configured.
 *
 * @param root absolute
 * @param target name of the target that it goes to
 * @param filterLines the patterns of {@code filter} as they were written, for the other side
 * @param ownPaths configuration, state and sockets of agents on this host, never part of a volume
 * @param scratch a directory of the agent's own, for what doesn't fit into memory
 * @param witnesses a file of the agent's own, for what is known of the volume's slices; absent
 *     where nothing is to be remembered
 * @param pace of the disk, in all volumes of the agent together
 * @param priority of threads that pass over the tree
 * @param replicate whether the target follows by itself
 * @param weight how much of a limited wire it gets beside others, from 1 on
 */
public record VolumeSettings(
    String name,
    Path root,
    String target,
    Filter filter,
    List<String> filterLines,
    Owners owners,
    List<Path> ownPaths,
    Path scratch,
    Optional<Path> witnesses,
    DiskPace pace,
    Priority priority,
    boolean replicate,
    int weight) {
  public VolumeSettings {
    filterLines = List.copyOf(filterLines);
    ownPaths = List.copyOf(ownPaths);
  }
}
