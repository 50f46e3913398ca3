package io.driftless.target.stage;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.RedoRecords.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the changes that were being made to large files when the agent was ended or the power
 * went. Whoever wrote to such a file meanwhile can't be told from the agent: so it gets a time that
 * every later comparison finds different.
 */
public final class RedoRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(RedoRecovery.class);

  private static final long BUSY_SECONDS = 2;

  private final ConfinedRoot root;
  private final StagingArea area;

  public RedoRecovery(ConfinedRoot root) {
    this.root = root;
    this.area = new StagingArea(root, ThisProcess.effectiveUid(), ThisProcess.effectiveGid());
  }

  /** As {@link #run}, and the log tells of it. */
  public void runAndTell(String volume) throws IOException {
    List<TreePath> finished = run();
    if (!finished.isEmpty()) {
      LOG.warn(
          "volume {}: the interrupted change of {} files has been finished, of {} for one",
          volume,
          finished.size(),
          finished.getFirst());
    }
  }

  /**
   * Finishes everything; nothing may write to the volume at the same time.
   *
   * @return the files that are whole again
   * @throws IOException if a file is still half changed; the journal stays
   */
  List<TreePath> run() throws IOException {
    var finished = new ArrayList<TreePath>();
    try (Directory shelf = journals()) {
      if (shelf == null) {
        return finished;
      }
      for (Name name : names(shelf)) {
        TreePath path = follow(shelf, name);
        if (path != null) {
          finished.add(path);
        }
        shelf.remove(name);
      }
      shelf.fd().sync();
    }
    return finished;
  }

  /** Where somebody else made the directory, nothing in it is ours, and every pass will say so. */
  private @Nullable Directory journals() throws IOException {
    try {
      return area.redoIfPresent();
    } catch (StagingException e) {
      return null;
    }
  }

  private static List<Name> names(Directory shelf) throws IOException {
    var names = new ArrayList<Name>();
    try (DirectoryEntries entries = shelf.entries()) {
      while (entries.next()) {
        names.add(entries.name());
      }
    }
    return names;
  }

  /** Null if nothing was changed yet, or the file is another by now. */
  private @Nullable TreePath follow(Directory shelf, Name name) throws IOException {
    try (Fd journal = shelf.openForReading(name);
        var records = new RedoRecords(journal, journal.status().size())) {
      Summary summary = records.summary();
      if (summary == null) {
        return null;
      }
      try (Fd file = open(summary)) {
        if (file == null) {
          return null;
        }
        records.follow(new Patch(file));
        finish(file, summary);
        return summary.path();
      }
    }
  }

  private @Nullable Fd open(Summary summary) throws IOException {
    try (Directory parent = root.openIfPresent(summary.path().parent())) {
      if (parent == null) {
        return null;
      }
      Fd file = parent.openForWriting(summary.path().name());
      if (summary.isOf(file.status())) {
        return file;
      }
      file.close();
      return null;
    } catch (ConfinementException e) {
      return null;
    } catch (LinuxException e) {
      if (e.isAbsent() || e.errno() == Errno.EISDIR || e.errno() == Errno.ENXIO) {
        return null;
      }
      throw e;
    }
  }

  private static void finish(Fd file, Summary summary) throws LinuxException {
    file.truncate(summary.sizeBytes());
    Timestamp time = summary.modified().minusSeconds(BUSY_SECONDS);
    file.setTimes(FileTimes.modified(time.seconds(), time.nanos()));
    file.sync();
  }
}
