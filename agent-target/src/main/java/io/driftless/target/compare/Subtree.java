package io.driftless.target.compare;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayDeque;

/**
 * What an entry stands for, with all that is below it.
 *
 * @param entries itself included; what is excluded doesn't count
 * @param files regular files among them
 * @param holdsExcluded something below is excluded here
 * @param holdsForeign something below is another file system or subvolume, or can't be entered
 */
public record Subtree(long entries, long files, boolean holdsExcluded, boolean holdsForeign) {
  /** It can't go as a whole. */
  public boolean holdsWhatStays() {
    return holdsExcluded || holdsForeign;
  }

  public long entriesBelow() {
    return entries - 1;
  }

  public long filesBelow() {
    return entries > 1 ? files : 0;
  }

  /** An entry that isn't a directory. */
  public static Subtree ofFile(FileStatus status) {
    return new Subtree(1, status.isRegular() ? 1 : 0, false, status.isMountRoot());
  }

  /**
   * Looks through a directory of the volume, depth first.
   *
   * @param device of the volume's root
   */
  static Subtree ofDirectory(TreePath top, SliceComparer volume, Exclusions exclusions, long device)
      throws LinuxException {
    var count = new Count();
    var open = new ArrayDeque<TreePath>();
    open.push(top);
    while (!open.isEmpty()) {
      TreePath path = open.pop();
      try (Directory directory = volume.openIfDirectory(path)) {
        if (directory == null) {
          continue;
        }
        if (directory.fd().status().device() != device) {
          count.holdsForeign = true;
          continue;
        }
        count.add(directory, path, exclusions.in(path), open);
      } catch (ConfinementException e) {
        count.holdsForeign = true; // something is mounted there
      } catch (LinuxException e) {
        if (e.isAbsent()) {
          continue; // it was removed meanwhile
        }
        if (e.errno() != Errno.EACCES) {
          throw e;
        }
        count.holdsForeign = true;
      }
    }
    return new Subtree(count.entries, count.files, count.holdsExcluded, count.holdsForeign);
  }

  private static final class Count {
    private long entries = 1;
    private long files;
    private boolean holdsExcluded;
    private boolean holdsForeign;

    void add(
        Directory directory,
        TreePath path,
        Exclusions.InDirectory excluded,
        ArrayDeque<TreePath> open)
        throws LinuxException {
      try (DirectoryEntries cursor = directory.entries()) {
        while (cursor.next()) {
          Name name = cursor.name();
          FileStatus status = directory.statusIfPresent(name);
          if (status == null) {
            continue;
          }
          if (excluded.excludes(name, status.kind())) {
            holdsExcluded = true;
            continue;
          }
          entries++;
          holdsForeign |= status.isMountRoot();
          if (status.isRegular()) {
            files++;
          } else if (status.kind() == Kind.DIRECTORY) {
            open.push(path.resolve(name));
          }
        }
      }
    }
  }
}
