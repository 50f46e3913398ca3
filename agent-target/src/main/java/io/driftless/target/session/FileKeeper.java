package io.driftless.target.session;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.session.SharedInodes.Suspect;
import io.driftless.target.stage.EntryStager.Spot;
import io.driftless.target.stage.Inode;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.MetadataWriter.Locking;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps regular files whose content is right and makes their metadata right; where it isn't known
 * whether it is, has it compared. Stateless.
 */
final class FileKeeper {
  private final PassParts pass;
  private final ContentComparison comparison;
  private final FileMover mover;

  FileKeeper(PassParts pass) {
    this.pass = pass;
    this.comparison = new ContentComparison(new ContentHash(pass.hash(), pass.reader()));
    this.mover = new FileMover(pass);
  }

  /**
   * A file of the source and what has its name here.
   *
   * @param wanted in the target's terms
   */
  record Meeting(
      int index, Entry entry, TreePath path, Metadata wanted, @Nullable FileStatus here) {}

  /** Deals with a file that was listed; false if its content must come. */
  boolean meet(Slice slice, Place place, Meeting meeting) throws IOException, InterruptedException {
    FileStatus here = meeting.here();
    Metadata found = find(place, meeting);
    Metadata wanted = meeting.wanted();
    if (here == null
        || found == null
        || found.kind() != Kind.REGULAR
        || found.sizeBytes() != wanted.sizeBytes()) {
      return false;
    }
    boolean isTrusted =
        wanted.sizeBytes() == 0
            || !isSuspect(slice, meeting.entry(), here)
                && found.modified().equals(wanted.modified());
    return isTrusted
        ? settle(slice, place, meeting, here, found)
        : compare(slice, place, meeting, here, found);
  }

  private static @Nullable Metadata find(Place place, Meeting meeting) throws LinuxException {
    return meeting.here() == null
        ? null
        : SliceComparer.find(place.directory(), meeting.path().name(), meeting.here());
  }

  /** Tells whether a file can't be trusted to have the right content, however it looks. */
  static boolean isSuspect(Slice slice, Entry entry, FileStatus here) {
    boolean isSuspect =
        slice.note == null
            ? slice.unproven || slice.scope.isNamed() && FileVersion.isYoung(entry.version())
            : slice.note.isSuspect(entry.requireName(), entry.version(), here);
    return isSuspect && entry.metadata().sizeBytes() > 0;
  }

  /** Asks whether the content is the same; false if it had better be asked for at once. */
  private boolean compare(
      Slice slice, Place place, Meeting meeting, FileStatus here, Metadata found)
      throws IOException, InterruptedException {
    Metadata wanted = meeting.wanted();
    int index = meeting.index();
    Held held =
        ContentComparison.isFor(found, wanted)
            ? held(place, meeting.path().name(), index, here)
            : null;
    if (held == null) {
      return false;
    }
    boolean isSmall = wanted.sizeBytes() <= ContentMessage.INLINE_BYTES_MAX;
    long cost = EntryApplier.QUESTION_COST + (isSmall ? wanted.sizeBytes() : 0);
    slice.wanted.put(index, new Slice.Wanted(meeting.path().name(), cost, FileVersion.of(here)));
    slice.question.add(held, cost);
    return true;
  }

  /** Reads for as long as it takes, and keeps no epoch open meanwhile. */
  private @Nullable Held held(Place place, Name name, int index, FileStatus here)
      throws IOException, InterruptedException {
    Held held;
    try (Fd file = place.directory().openForReadingIfPresent(name)) {
      place.leave();
      held = comparison.held(file, index, here);
    } catch (LinuxException e) {
      held = null; // whoever replaces it says why
    }
    place.enter();
    return held;
  }

  /** Tells whether a file is what the source has as far as length and time tell. */
  static boolean looksUnchanged(FileStatus here, Metadata wanted) {
    return here.isRegular()
        && here.size() == wanted.sizeBytes()
        && here.modifiedSeconds() == wanted.modified().seconds()
        && here.modifiedNanos() == wanted.modified().nanos();
  }

  /** The content that was examined is the same; false if the file is another by now. */
  boolean keep(Slice slice, Place place, Meeting meeting, FileStatus examined) throws IOException {
    FileStatus here = meeting.here();
    if (here == null || FileVersion.of(here) != FileVersion.of(examined)) {
      return false;
    }
    Metadata found = find(place, meeting);
    return found != null
        && looksUnchanged(here, meeting.wanted())
        && settle(slice, place, meeting, here, found);
  }

  /** The content that was compared is the same; false if the file is another by now. */
  boolean keep(Slice slice, Place place, Meeting meeting, Slice.Wanted compared)
      throws IOException {
    TreePath from = compared.from();
    if (from != null) {
      return move(slice, place, meeting, new FileMover.Known(from, compared.versionHere()));
    }
    FileStatus here = meeting.here();
    if (here == null || !here.isRegular() || FileVersion.of(here) != compared.versionHere()) {
      return false;
    }
    Metadata found = find(place, meeting);
    return found != null
        && found.sizeBytes() == meeting.wanted().sizeBytes()
        && settle(slice, place, meeting, here, found);
  }

  private boolean move(Slice slice, Place place, Meeting meeting, FileMover.Known known)
      throws IOException {
    boolean moved = mover.move(place, meeting.path(), meeting.wanted(), known);
    if (moved) {
      slice.brought(meeting.index(), meeting.entry(), meeting.wanted());
    }
    return moved;
  }

  /** A file has the right content: its metadata is made right too, unless it is another by now. */
  private boolean settle(Slice slice, Place place, Meeting meeting, FileStatus here, Metadata found)
      throws IOException {
    Metadata wanted = meeting.wanted();
    boolean equal = found.sameAs(wanted);
    if (!equal && !repair(place, here, wanted, meeting.path())) {
      return false;
    }
    if (equal && meeting.entry().linkRole() == LinkRole.ONLY && here.linkCount() > 1) {
      pass.suspect(new Suspect(meeting.path(), List.of(), 1));
    }
    if (slice.note != null && equal) {
      slice.note.equal(meeting.index(), meeting.entry(), wanted, here);
    } else {
      slice.brought(meeting.index(), meeting.entry(), wanted);
    }
    return true;
  }

  /**
   * Changes the metadata of a file whose content is right.
   *
   * @return false if it is another file by now
   */
  private boolean repair(Place place, FileStatus seen, Metadata wanted, TreePath path)
      throws IOException {
    try (Fd file = place.directory().openForReading(path.name())) {
      FileStatus status = file.status();
      if (!status.isRegular()
          || status.inode() != seen.inode()
          || status.size() != seen.size()
          || status.device() != seen.device()) {
        return false;
      }
      Metadata found = MetadataReader.read(file, status);
      if (status.linkCount() > 1
          || MetadataWriter.needsRebirth(file, found.flags(), wanted.flags())) {
        // Other names, perhaps outside of the volume, must not change with this one.
        Spot spot = new Spot(pass.area().stage(), pass.area().newName(), path, Locking.LEAVE);
        pass.stager().copy(spot, file, wanted);
        place.staged(spot, wanted, 0);
      } else {
        pass.writer().repair(new Inode.Opened(file), found, wanted, path);
        place.repaired(path);
      }
      pass.tally().metadataOnly.increment();
      return true;
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
