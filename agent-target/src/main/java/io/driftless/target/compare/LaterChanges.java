package io.driftless.target.compare;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.StagingArea;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * What was created or changed in a volume after a moment, by the change times that nobody can set.
 * What was deleted can't be told. Used once, by one thread; writes nothing, not even an access time
 * where that is allowed.
 */
public final class LaterChanges {
  private final String root;
  private final Instant since;
  private final ArrayDeque<TreePath> open = new ArrayDeque<>();
  private long changes;
  private long created;
  private long unread;

  private LaterChanges(String root, Instant since) {
    this.root = root;
    this.since = since;
  }

  /**
   * Prepares to look through a volume.
   *
   * @param root absolute
   */
  public static LaterChanges in(String root, Instant since) {
    return new LaterChanges(root, since);
  }

  /**
   * An entry that changed.
   *
   * @param at when it last did
   * @param isNew it was made after the moment, as far as the file system tells
   */
  public record Change(TreePath path, Kind kind, Instant at, boolean isNew) {}

  /**
   * What was found.
   *
   * @param created among the changes
   * @param unread directories that could not be looked into
   */
  public record Summary(long changes, long created, long unread) {}

  /** What is done with each change. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Change change);
  }

  /**
   * Looks through the whole volume, a directory's entries before what is below them; what is
   * mounted in it does not belong to it.
   *
   * @throws LinuxException if the root can't be read
   */
  public Summary forEach(Visitor visitor) throws LinuxException {
    try (ConfinedRoot volume = ConfinedRoot.open(root)) {
      meet(TreePath.ROOT, volume.fd().status(), visitor);
      while (!open.isEmpty()) {
        look(volume, open.pop(), visitor);
      }
    }
    return new Summary(changes, created, unread);
  }

  private void look(ConfinedRoot volume, TreePath path, Visitor visitor) throws LinuxException {
    try (Directory directory = volume.openIfPresent(path)) {
      if (directory != null) {
        list(directory, path, visitor);
      }
    } catch (ConfinementException e) {
      // Something is mounted there, or it has been replaced meanwhile.
    } catch (LinuxException e) {
      if (path.isRoot() || e.errno() != Errno.EACCES) {
        throw e;
      }
      unread++;
    }
  }

  private void list(Directory directory, TreePath path, Visitor visitor) throws LinuxException {
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        Name name = entries.name();
        FileStatus status = directory.statusIfPresent(name);
        boolean isOurs = path.isRoot() && name.equals(StagingArea.HOME);
        if (status != null && !isOurs && !status.isMountRoot()) {
          meet(path.resolve(name), status, visitor);
        }
      }
    }
  }

  private void meet(TreePath path, FileStatus status, Visitor visitor) {
    Instant at = Instant.ofEpochSecond(status.changeSeconds(), status.changeNanos());
    if (at.isAfter(since)) {
      boolean isNew =
          status.hasBirthTime()
              && Instant.ofEpochSecond(status.birthSeconds(), status.birthNanos()).isAfter(since);
      changes++;
      created += isNew ? 1 : 0;
      visitor.visit(new Change(path, status.kind(), at, isNew));
    }
    if (status.isDirectory()) {
      open.push(path);
    }
  }
}
