package io.driftless.target.stage;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The new version of a large file on its way: a part that lies beside the file and takes its place,
 * or only what changes in it. The latter as long as nothing moves and little is new; then it
 * becomes a part by itself. Confined to one thread at a time.
 */
public final class Draft implements ContentSink, AutoCloseable {
  /** Below, building a file anew costs little, and nobody ever sees it half changed. */
  public static final long IN_PLACE_BYTES_MIN = 8 << 20;

  /** More than this is not sent again when the agent is ended in the middle. */
  private static final long JOURNAL_BYTES_MAX = 1 << 30;

  private static final int JOURNAL_SHARE = 4;

  private final Site site;
  private final Name name;
  private final Coverage covered = new Coverage();
  private @Nullable Basis basis;
  private @Nullable RedoJournal journal;
  private @Nullable PartFile part;
  private long journalBytesMax;
  private long version;
  private boolean sealed;
  private Method method = Method.WHOLE;

  private Draft(Site site) {
    this.site = site;
    this.name = PartFile.nameOf(site.path, site.hash);
  }

  /**
   * Where it is made.
   *
   * @param path that the file has in the volume
   * @param flags that it will have
   */
  public record Site(StagingArea area, TreePath path, SeededHash hash, int flags, Room room) {}

  /** How the new version came about. */
  public enum Method {
    /** Of what travelled, and of what an earlier attempt left. */
    WHOLE,
    /** The file was changed where it lies. */
    PATCHED_IN_PLACE,
    /** Beside the file, sharing extents with it. */
    CLONED,
    /** Beside the file, with copies of what it has. */
    REBUILT
  }

  /** Goes on with the part that an earlier attempt left, or begins one. */
  public static Draft part(Site site) throws IOException {
    var draft = new Draft(site);
    draft.part = draft.openPart();
    return draft;
  }

  /**
   * As {@link #part}, but may come to no more than changes in a file.
   *
   * @param basis that the new version builds on; must stay open as long as this takes in content
   */
  public static Draft of(Site site, Basis basis) throws IOException {
    var draft = new Draft(site);
    if (!basis.isChangeable() || site.area.parts().statusIfPresent(draft.name) != null) {
      return part(site);
    }
    draft.basis = basis;
    draft.journalBytesMax = Math.min(JOURNAL_BYTES_MAX, basis.bytes() / JOURNAL_SHARE);
    draft.version = FileVersion.of(basis.noted());
    draft.journal = RedoJournal.begin(site.area, draft.name, site.path, basis.noted(), site.room);
    return draft;
  }

  private PartFile openPart() throws IOException {
    return PartFile.open(site.area, name, site.flags, site.room);
  }

  /** What it is called in the staging area. */
  public Name name() {
    return name;
  }

  /** Whether it is only what changes. */
  public boolean isInPlace() {
    return journal != null;
  }

  /** How the new version came about, as far as it has. */
  public Method method() {
    return method;
  }

  /** How much was there already when it was opened, or when the present round began. */
  public long heldBytes() {
    return part == null ? 0 : part.heldBytes();
  }

  /** From here on everything that was written counts as held. */
  public void beginRound() {
    requirePart().beginRound();
  }

  /** Hashes of the blocks in a range that are held completely, from its beginning on. */
  public List<Long> blockHashes(
      long offset, int length, SeededHash hash, ContentReader reader, ByteBufAllocator memory)
      throws LinuxException, InterruptedException {
    return part == null ? List.of() : part.blockHashes(offset, length, hash, reader, memory);
  }

  private PartFile requirePart() {
    if (part == null) {
      throw new IllegalStateException("nothing is built beside the file of " + name);
    }
    return part;
  }

  @Override
  public void write(long offset, ByteBuf bytes, int position, int length) throws IOException {
    if (journal != null && journal.endBytes() + length > journalBytesMax) {
      leavePlace();
    }
    if (journal == null) {
      requirePart().write(offset, bytes, position, length);
    } else {
      journal.write(offset, bytes, position, length);
      covered.add(offset, offset + length);
    }
  }

  @Override
  public void hole(long offset, long length) throws IOException {
    if (journal != null && journal.endBytes() > journalBytesMax) {
      leavePlace();
    }
    if (journal == null) {
      requirePart().hole(offset, length);
    } else {
      journal.hole(offset, length);
      covered.add(offset, offset + length);
    }
  }

  /**
   * Takes a range from the basis.
   *
   * @return false if the basis ends before
   */
  public boolean copy(Basis from, long basisOffset, long offset, long length) throws IOException {
    if (journal != null && basisOffset != offset) {
      leavePlace();
    }
    if (journal == null) {
      method = from.isPrivate() ? Method.CLONED : Method.REBUILT;
      return requirePart().copy(from.fd(), basisOffset, offset, length);
    }
    covered.add(offset, offset + length);
    return offset + length <= from.bytes();
  }

  /** From here on the new version is built beside the file, while the basis is still open. */
  public void leavePlace() throws IOException {
    if (basis == null) {
      throw new IllegalStateException("there is no basis of " + name);
    }
    leavePlace(basis.fd(), basis.bytes());
  }

  /** Builds what there is so far beside the file. Can be done again where there was no room. */
  private void leavePlace(Fd from, long bytes) throws IOException {
    if (part == null) {
      part = openPart();
    }
    PartFile into = part;
    RedoJournal changes = Objects.requireNonNull(journal);
    covered.forEach((begin, end) -> {
      if (begin < bytes) {
        method = Method.REBUILT;
        into.copy(from, begin, begin, Math.min(end, bytes) - begin);
      }
    });
    follow(changes, into);
    changes.drop();
    journal = null;
  }

  /** Lets go of everything; what comes now is built beside the file. */
  public void clear() throws IOException {
    if (journal != null) {
      journal.drop();
      journal = null;
    }
    if (part == null) {
      part = openPart();
    }
    part.clear();
    method = Method.WHOLE;
  }

  /** What came of changing a file where it lies. */
  public enum Patching {
    /** It has its new version, durably. */
    DONE,
    /** It can't be changed in place; now the new version lies beside it. */
    BESIDE,
    /** It is no longer what was built on. */
    BASIS_CHANGED
  }

  /**
   * Changes the file where it lies, if nobody else has it open. If this is interrupted in whatever
   * way, {@link RedoRecovery} goes on with it.
   *
   * @param file open for writing
   * @throws NoRoomException and nothing has happened, or it may be done again
   */
  public Patching patch(Fd file, Metadata wanted, MetadataWriter writer) throws IOException {
    RedoJournal changes = Objects.requireNonNull(journal);
    try {
      if (!sealed) {
        if (FileVersion.of(file.status()) != version) {
          return Patching.BASIS_CHANGED;
        }
        boolean isOurs = isOnlyContent(file, wanted) && file.tryLease();
        if (isOurs && FileVersion.of(file.status()) != version) {
          return Patching.BASIS_CHANGED;
        }
        if (!isOurs || !reserve(file, changes)) {
          return buildBeside(file);
        }
        changes.seal(wanted.sizeBytes(), wanted.modified());
        sealed = true;
      }
      apply(file, changes, wanted, writer);
      changes.drop();
      journal = null;
      method = Method.PATCHED_IN_PLACE;
      return Patching.DONE;
    } catch (LinuxException e) {
      throw e.isNoRoom() ? site.room.refused(e, 0) : e;
    }
  }

  /** Builds the new version beside the file, where that can't be changed in place. */
  public Patching buildBeside(Fd file) throws IOException {
    FileStatus status = file.status();
    if (FileVersion.of(status) != version) {
      return Patching.BASIS_CHANGED;
    }
    leavePlace(file, status.size());
    boolean isSame = FileVersion.of(file.status()) == version; // else the copy is a mix
    return isSame ? Patching.BESIDE : Patching.BASIS_CHANGED;
  }

  /** Who may see the new content is the same as for the old. */
  private static boolean isOnlyContent(Fd file, Metadata wanted) throws LinuxException {
    FileStatus status = file.status();
    return status.linkCount() == 1 && MetadataReader.read(file, status).sameButForContent(wanted);
  }

  /** Nobody else can write just now: the change that this makes is known as ours. */
  private boolean reserve(Fd file, RedoJournal changes) throws IOException {
    FileStatus status = file.status();
    var reservation = new Patch.Reservation(file, status.mayHaveHoles() ? 0 : status.size());
    try {
      follow(changes, reservation);
    } finally {
      version = FileVersion.of(file.status());
    }
    return reservation.isPossible();
  }

  private void apply(Fd file, RedoJournal changes, Metadata wanted, MetadataWriter writer)
      throws IOException {
    follow(changes, new Patch(file));
    file.truncate(wanted.sizeBytes());
    file.sync(); // before anything says that it is the new version
    Metadata found = MetadataReader.read(file, file.status());
    writer.repair(new Inode.Opened(file), found, wanted, site.path);
    file.sync();
  }

  private static void follow(RedoJournal changes, ContentSink sink) throws IOException {
    try (var records = new RedoRecords(changes.fd(), changes.endBytes())) {
      records.follow(sink);
    }
  }

  /**
   * Gives what was built beside the file its final size and metadata; it is then ready to be
   * renamed into place.
   *
   * @return how it is then
   */
  public FileStatus complete(MetadataWriter writer, Metadata wanted) throws IOException {
    return requirePart().complete(writer, wanted, site.path);
  }

  /** Removes all that there is of it. */
  public void remove() throws IOException {
    if (journal != null) {
      journal.drop();
      journal = null;
    }
    site.area.parts().remove(name);
  }

  /** Closes it; a part, and a journal that is complete, stay. */
  @Override
  public void close() {
    if (part != null) {
      part.close();
      part = null;
    }
    if (journal != null && sealed) {
      journal.close();
    } else if (journal != null) {
      dropUnsealed(journal);
    }
    journal = null;
  }

  private static void dropUnsealed(RedoJournal journal) {
    try {
      journal.drop();
    } catch (LinuxException e) {
      // It counts for nothing, and the next recovery removes it.
    }
  }
}
