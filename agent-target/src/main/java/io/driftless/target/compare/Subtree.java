package io.driftless.target.compare;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What an entry stands for, with all that is below it.
 *
 * @param entries itself included; what is excluded doesn't count
 * @param files regular files among them
 * @param holdsWhatStays something below is excluded, or another file system
 */
public record Subtree(long entries, long files, boolean holdsWhatStays) {
  public long entriesBelow() {
    return entries - 1;
  }

  public long filesBelow() {
    return entries > 1 ? files : 0;
  }

  /** An entry that isn't a directory. */
  static Subtree ofFile(Kind kind) {
    return new Subtree(1, kind == Kind.REGULAR ? 1 : 0, false);
  }

  /** Looks through a directory of the volume. */
  static Subtree ofDirectory(TreePath top, SliceComparer volume, Exclusions exclusions)
      throws LinuxException {
    long entries = 1;
    long files = 0;
    boolean holdsWhatStays = false;
    var open = new ArrayDeque<TreePath>();
    open.add(top);
    while (!open.isEmpty()) {
      TreePath path = open.remove();
      Exclusions.InDirectory excluded = exclusions.in(path);
      try (Directory directory = volume.openIfDirectory(path);
          DirectoryEntries cursor = directory == null ? null : directory.entries()) {
        while (cursor != null && cursor.next()) {
          Name name = cursor.name();
          Kind kind = kindOf(directory, cursor);
          if (kind == null) {
            continue;
          }
          if (excluded.excludes(name, kind)) {
            holdsWhatStays = true;
            continue;
          }
          entries++;
          if (kind == Kind.REGULAR) {
            files++;
          } else if (kind == Kind.DIRECTORY) {
            open.add(path.resolve(name));
          }
        }
      } catch (ConfinementException e) {
        holdsWhatStays = true; // something is mounted there
      }
    }
    return new Subtree(entries, files, holdsWhatStays);
  }

  private static @Nullable Kind kindOf(@Nullable Directory directory, DirectoryEntries cursor)
      throws LinuxException {
    Kind kind = cursor.kind();
    if (kind != null || directory == null) {
      return kind;
    }
    FileStatus status = directory.statusIfPresent(cursor.name());
    return status == null ? null : status.kind();
  }
}
