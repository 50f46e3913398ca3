package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Subtree;
import io.driftless.target.stage.Inode;
import java.io.IOException;

/**
 * Gives files that vanished from the source the new names that they seem to have there, as far as
 * the source finds their content the same. Stateless.
 */
final class FileMover {
  private static final long SPARSE_BYTES_MAX = 1 << 30;

  private final PassParts pass;
  private final ContentComparison comparison;

  FileMover(PassParts pass) {
    this.pass = pass;
    this.comparison = new ContentComparison(new ContentHash(pass.hash(), pass.reader()));
  }

  /** A file under the name that it has here, in the version that was compared. */
  record Known(TreePath from, long version) {}

  /**
   * Asks the source whether a new file has the content of one that vanished.
   *
   * @return false if it had better be asked for the content at once
   */
  boolean ask(Slice slice, int index, Entry entry, TreePath from)
      throws IOException, InterruptedException {
    FileStatus here;
    Held held;
    try (Directory in = pass.comparer().openIfDirectory(from.parent())) {
      here = in == null ? null : in.statusIfPresent(from.name());
      if (in == null || here == null || !isMovable(here, entry.metadata())) {
        return false;
      }
      try (Fd file = in.openForReadingIfPresent(from.name())) {
        held = comparison.held(file, index, here);
      }
    } catch (ConfinementException e) {
      return false;
    } catch (LinuxException e) {
      if (EntryRefusal.reasonOf(e) == null) {
        throw e;
      }
      return false;
    }
    if (held == null) {
      return false;
    }
    boolean isSmall = held.bytes() <= ContentMessage.INLINE_BYTES_MAX;
    long cost = EntryApplier.QUESTION_COST + (isSmall ? held.bytes() : 0);
    var wanted = new Slice.Wanted(entry.requireName(), cost, FileVersion.of(here), from);
    slice.wanted.put(index, wanted);
    slice.question.add(held, cost);
    if (!isSmall) {
      slice.question.flush(); // the source reads it while the next one is read here
    }
    return true;
  }

  /** Other names, perhaps outside of the volume, must not change with this one. */
  private boolean isMovable(FileStatus here, Metadata wanted) throws LinuxException {
    return here.isRegular()
        && here.linkCount() == 1
        && here.size() == wanted.sizeBytes()
        && isHashable(here)
        && here.device() == pass.root().fd().status().device();
  }

  /** Hashing what is mostly a huge hole takes longer than bringing what is in it. */
  private static boolean isHashable(FileStatus here) {
    boolean isDense = here.allocatedBytes() >= here.size() / 2;
    return here.size() <= (isDense ? Held.BYTES_MAX : SPARSE_BYTES_MAX);
  }

  /**
   * The content is the same: makes the metadata right and has the file renamed with the epoch.
   *
   * @return false if it is another file by now
   */
  boolean move(Place place, TreePath path, Metadata wanted, Known known) throws IOException {
    TreePath from = known.from();
    try (Directory in = pass.comparer().openIfDirectory(from.parent());
        Fd file = in == null ? null : in.openForReadingIfPresent(from.name())) {
      FileStatus here = file == null ? null : file.status();
      if (file == null
          || here == null
          || FileVersion.of(here) != known.version()
          || !isMovable(here, wanted)) {
        return false;
      }
      Metadata found = MetadataReader.read(file, here);
      if (!found.sameAs(wanted)) {
        pass.writer().repair(new Inode.Opened(file), found, wanted, path);
      }
      place.moved(path, from, here.inode(), wanted);
      pass.extras().moved(from, Subtree.ofFile(here));
      pass.relocations().file(from, path);
      pass.tally().renamed.increment();
      return true;
    } catch (ConfinementException e) {
      return false;
    } catch (LinuxException e) {
      if (e.isNoRoom()) {
        throw pass.room().refused(e, wanted.sizeBytes());
      }
      if (e.isAbsent()) {
        return false;
      }
      throw e;
    }
  }
}
