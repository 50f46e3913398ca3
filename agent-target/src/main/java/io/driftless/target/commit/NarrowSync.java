package io.driftless.target.commit;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.target.stage.StagingArea;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a small epoch durable, and not what everybody else has written to the file system, as
 * syncfs does: beside a busy writer that takes seconds. Confined to the committer.
 *
 * <p>Only where metadata becomes durable in order. There it is enough that the content of what is
 * staged is durable before it is renamed: whatever else it consists of was made before the rename.
 * After that, one inode that is changed and synced stands for all renames before it.
 */
final class NarrowSync {
  /** Beyond this, one syncfs costs less. */
  private static final int ENTRIES_MAX = 32;

  private static final long BYTES_MAX = 16L << 20;

  private final DurableStorage storage;
  private final StagingArea area;

  NarrowSync(DurableStorage storage, StagingArea area) {
    this.storage = storage;
    this.area = area;
  }

  boolean suits(Epoch epoch) {
    return storage.isOrdered() && epoch.entries <= ENTRIES_MAX && epoch.bytes <= BYTES_MAX;
  }

  /** Makes the content of staged files durable. */
  void contents(List<Unit> units) throws IOException {
    for (Unit unit : units) {
      switch (unit) {
        case Unit.NewDirectory made -> {
          try (Directory directory = area.stage().openChild(made.staged())) {
            contents(directory);
          }
        }
        case Unit.StagedEntry entry when !entry.isLink() ->
            content(
                entry.shelf() == Unit.Shelf.STAGE ? area.stage() : area.parts(), entry.staged());
        case Unit.StagedEntry _, Unit.MovedFile _ -> {}
      }
    }
  }

  private static void contents(Directory directory) throws IOException {
    var names = new ArrayList<Name>();
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        names.add(entries.name());
      }
    }
    for (Name name : names) {
      content(directory, name);
    }
  }

  private static void content(Directory in, Name name) throws LinuxException {
    FileStatus status = in.statusIfPresent(name);
    if (status != null && status.kind() == Kind.REGULAR && status.size() > 0) {
      try (Fd file = in.openForReading(name)) {
        file.sync();
      }
    }
  }

  /** Makes all changes of metadata so far durable. */
  void metadata() throws IOException {
    Fd last = area.stage().fd();
    last.setTimes(FileTimes.of(last.status())); // it changes after everything else
    last.sync();
  }
}
