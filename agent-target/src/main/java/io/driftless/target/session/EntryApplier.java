package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.RecordReader;
import io.driftless.protocol.wire.RecordReader.DataExtent;
import io.driftless.protocol.wire.RecordReader.Form;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.session.FileKeeper.Meeting;
import io.driftless.target.stage.EntryStager;
import io.driftless.target.stage.EntryStager.Spot;
import io.driftless.target.stage.NoRoomException;
import io.driftless.target.stage.SmallContent;
import io.driftless.target.stage.StagingArea;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides about each entry that the source lists, and does what can be done at once: stages it,
 * repairs its metadata, or asks for its content. Stateless; each slice is worked on by one thread
 * at a time.
 */
final class EntryApplier {
  /** The index of a directory among its own entries. */
  private static final int SELF = -1;

  static final long QUESTION_COST = 512;
  private static final long BUSY_SECONDS = 2;

  private final PassParts pass;
  private final @Nullable Comparison contents;
  private final FileKeeper keeper;
  private final LargeFiles largeFiles;
  private final Newcomers newcomers;

  /**
   * What applies entries in one pass.
   *
   * @param newcomers which new names wait
   * @param contents compares files by what they hold where they look equal, if that is wanted
   */
  EntryApplier(PassParts pass, Newcomers newcomers, @Nullable Comparison contents) {
    this.newcomers = newcomers;
    this.pass = pass;
    this.contents = contents;
    this.keeper = new FileKeeper(pass);
    this.largeFiles = new LargeFiles(pass, this);
  }

  /** What deals with files that come in segments. */
  LargeFiles largeFiles() {
    return largeFiles;
  }

  /** Takes in the records of a listing's part; returns the bytes of content among them. */
  long applyListing(Slice slice, ByteBuf plain, int firstIndex)
      throws IOException, InterruptedException {
    if (firstIndex != slice.nextIndex) {
      throw new ProtocolViolation(
          "slice %d goes on at %d instead of %d"
              .formatted(slice.number, firstIndex, slice.nextIndex));
    }
    boolean selfDue = slice.parts == 1 && slice.scope.holdsDirectoryItself();
    var reader = new RecordReader(plain);
    long streamed = 0;
    try (var place = new Place(slice.directory, pass)) {
      while (reader.next()) {
        if (selfDue && reader.index() == SELF) {
          applySelf(slice, reader, place);
        } else {
          requireNext(slice, reader);
          streamed += contentBytes(reader);
          apply(slice, reader, plain, place);
        }
        selfDue = false;
      }
    }
    pass.slices().count(slice);
    return streamed;
  }

  private static void requireNext(Slice slice, RecordReader reader) {
    int index = reader.index();
    if (index != slice.nextIndex) {
      throw new ProtocolViolation(
          "index %d instead of %d in slice %d".formatted(index, slice.nextIndex, slice.number));
    }
    slice.nextIndex++;
  }

  private static long contentBytes(RecordReader reader) {
    long bytes = 0;
    if (reader.form() == Form.WHOLE || reader.form() == Form.SPARSE) {
      for (DataExtent extent : reader.extents()) {
        bytes += extent.length();
      }
    }
    return bytes;
  }

  /** Takes in an answer to a question for entries. */
  void applyContents(Slice slice, ByteBuf plain) throws IOException, InterruptedException {
    var reader = new RecordReader(plain);
    try (var place = new Place(slice.directory, pass)) {
      while (reader.next()) {
        Slice.Wanted wanted = slice.wanted.remove(reader.index());
        if (wanted == null) {
          throw new ProtocolViolation(
              "entry %d of slice %d, which nobody asked for"
                  .formatted(reader.index(), slice.number));
        }
        try {
          applyWanted(slice, reader, plain, place, wanted);
        } finally {
          pass.requests().answered(wanted.cost());
        }
      }
    }
  }

  private void applyWanted(
      Slice slice, RecordReader reader, ByteBuf plain, Place place, Slice.Wanted wanted)
      throws IOException, InterruptedException {
    Name name = wanted.name();
    LargeFile large = slice.largeFiles.get(reader.index());
    if (slice.note != null && reader.form() != Form.SAME) {
      slice.note.changed(reader.index());
    }
    if (reader.form() == Form.VANISHED || reader.form() == Form.UNREADABLE) {
      if (reader.form() == Form.UNREADABLE) {
        pass.extras().sourceIsIncomplete();
      }
      if (large != null) {
        largeFiles.abandon(slice, large);
      }
      return; // the source knows, and has reported what it could not read
    }
    Name given = reader.entry().name();
    if (given == null || !name.equals(given)) {
      throw new ProtocolViolation("another name than was asked for: " + given);
    }
    if (large != null) {
      Entry fresh = reader.entry();
      if (fresh.kind() == Kind.REGULAR
          && fresh.metadata().sizeBytes() > ContentMessage.INLINE_BYTES_MAX
          && reader.form() == Form.NONE) {
        large.beginRound(fresh);
        return;
      }
      largeFiles.abandon(slice, large);
    }
    boolean same = reader.form() == Form.SAME;
    if (same && (!wanted.isCompared() || reader.entry().kind() != Kind.REGULAR)) {
      throw new ProtocolViolation("the same content as nobody told: " + name);
    }
    if (same || wanted.isCompared() && isLarge(reader)) {
      keepOrRefuse(slice, reader, place, wanted);
    } else {
      stageOrRefuse(slice, reader, plain, place, true);
    }
  }

  private static boolean isLarge(RecordReader reader) {
    return reader.form() == Form.NONE
        && reader.entry().kind() == Kind.REGULAR
        && reader.entry().metadata().sizeBytes() > ContentMessage.INLINE_BYTES_MAX;
  }

  /** The content is the same on both sides, or comes on top of what is here. */
  private void keepOrRefuse(Slice slice, RecordReader reader, Place place, Slice.Wanted compared)
      throws IOException, InterruptedException {
    TreePath path = slice.directory.resolve(compared.name());
    try {
      withRoom(place, () -> keep(slice, reader, place, compared, path));
    } catch (ConfinementException e) {
      pass.replies().add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      refuse(path, e);
    }
  }

  private void keep(
      Slice slice, RecordReader reader, Place place, Slice.Wanted compared, TreePath path)
      throws IOException {
    FileStatus here = place.find(compared.name());
    Metadata wanted = wanted(reader.entry(), path);
    var meeting = new Meeting(reader.index(), reader.entry(), path, wanted, here);
    if (reader.form() != Form.SAME || !keeper.keep(slice, place, meeting, compared)) {
      want(slice, reader.index(), reader.entry(), path, predecessor(compared, path, here));
    }
  }

  private @Nullable Predecessor predecessor(
      Slice.Wanted compared, TreePath path, @Nullable FileStatus here) throws LinuxException {
    return here == null && compared.from() != null
        ? Predecessor.find(pass, compared.from())
        : Predecessor.of(path, here);
  }

  private void applySelf(Slice slice, RecordReader reader, Place place)
      throws IOException, InterruptedException {
    Entry self = reader.entry();
    Name name = slice.directory.isRoot() ? null : slice.directory.name();
    if (!Objects.equals(name, self.name())
        || self.kind() != Kind.DIRECTORY
        || EntryCodec.isNameOnly(self)) {
      throw new ProtocolViolation("slice %d begins with another entry".formatted(slice.number));
    }
    Metadata wanted = wanted(self, slice.directory);
    if (slice.note != null) {
      slice.note.self(self, wanted);
    }
    try {
      withRoom(place, () -> describe(slice, place, wanted));
    } catch (ConfinementException e) {
      slice.refused = true;
      pass.replies().add(slice.directory, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      slice.refused = true;
      refuse(slice.directory, e);
    }
  }

  private void describe(Slice slice, Place place, Metadata wanted) throws IOException {
    if (slice.scope.isNamed() && place.isNew()) {
      pass.replies()
          .add(
              slice.directory,
              Problem.DIRECTORY_LACKED,
              "the target lacked it; all of it comes next");
    }
    place.describe(wanted);
  }

  private void apply(Slice slice, RecordReader reader, ByteBuf plain, Place place)
      throws IOException, InterruptedException {
    if (reader.form() == Form.VANISHED || reader.form() == Form.UNREADABLE) {
      slice.hasGap = true;
      if (slice.note != null) {
        slice.note.gap();
      }
      return;
    }
    Entry entry = reader.entry();
    Name name = entry.name();
    if (reader.form() == Form.SAME) {
      throw new ProtocolViolation("the same content as nobody told in " + slice.directory);
    }
    if (name == null || slice.directory.isRoot() && name.equals(StagingArea.HOME)) {
      throw new ProtocolViolation("an entry that can't be in " + slice.directory);
    }
    if (slice.scope.bits() > 0 && !slice.scope.contains(pass.hash().hash64(name))) {
      throw new ProtocolViolation(
          "%s does not belong to its scope of %s".formatted(name, slice.directory));
    }
    boolean isCounted = slice.isOffered() || slice.scope.isNamed();
    if (isCounted && !slice.names.add(name)) {
      throw new ProtocolViolation("%s twice in %s".formatted(name, slice.directory));
    }
    if (slice.note != null) {
      slice.note.listed(entry, entry.metadata());
    }
    if (!slice.refused) {
      stageOrRefuse(slice, reader, plain, place, false);
    }
  }

  /** What concerns one entry becomes its problem; what concerns all ends the pass. */
  private void stageOrRefuse(
      Slice slice, RecordReader reader, ByteBuf plain, Place place, boolean asked)
      throws IOException, InterruptedException {
    Name name = reader.entry().requireName();
    TreePath path = slice.directory.resolve(name);
    try {
      Exclusions.InDirectory excluded = place.exclusions();
      if (excluded.excludes(name, reader.entry().kind())) {
        pass.replies().add(path, "excluded-here", "the target keeps this for itself");
        return;
      }
      withRoom(place, () -> decide(slice, reader, plain, place, path, asked));
    } catch (ConfinementException e) {
      pass.replies().add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      if (e.errno() == Errno.EEXIST && place.isNew()) {
        throw new ProtocolViolation("%s twice in %s".formatted(name, slice.directory));
      }
      refuse(path, e);
    }
  }

  /** Does it again as often as there was no room. */
  void withRoom(Place place, PassParts.Work work) throws IOException, InterruptedException {
    while (true) {
      try {
        place.enter();
        work.run();
        pass.gate().passed();
        return;
      } catch (NoRoomException e) {
        place.leave();
        pass.gate().await(e);
      }
    }
  }

  private void decide(
      Slice slice, RecordReader reader, ByteBuf plain, Place place, TreePath path, boolean asked)
      throws IOException, InterruptedException {
    Entry entry = reader.entry();
    if (entry.kind() == Kind.DIRECTORY) {
      meetDirectory(slice, entry, reader);
      return;
    }
    Metadata wanted = wanted(entry, path);
    if (entry.linkRole() == LinkRole.LATER) {
      slice.met(reader.index(), place.find(entry.requireName()));
      slice.brought(reader.index(), entry, wanted);
      return;
    }
    boolean hasContent = reader.form() != Form.NONE;
    if (EntryStager.isSpecial(entry.kind())) {
      requireNoContent(hasContent, path);
      if (!EntryStager.canMake(wanted)) {
        pass.replies().add(path, "kind-unsupported", "no device has such a number");
        return;
      }
      stageSpecial(slice, reader, place, wanted, path, asked);
    } else if (hasContent) {
      stageFile(slice, reader, plain, place, wanted, path);
    } else {
      meetFile(slice, reader, place, wanted, path, asked);
    }
  }

  /** In the target's terms. The kernel takes the number -1 for "leave it as it is". */
  Metadata wanted(Entry entry, TreePath path) {
    if (entry.metadata().owner() == -1 || entry.metadata().group() == -1) {
      throw new ProtocolViolation("an owner that nobody can be: " + path);
    }
    return pass.owners().toTarget(entry.metadata());
  }

  private static void requireNoContent(boolean hasContent, TreePath path) {
    if (hasContent) {
      throw new ProtocolViolation("content for something that has none: " + path);
    }
  }

  /** A directory is only a name here: its own slice brings it. */
  private static void meetDirectory(Slice slice, Entry entry, RecordReader reader) {
    if (!EntryCodec.isNameOnly(entry)) {
      throw new ProtocolViolation("a directory with metadata in the listing of its parent");
    }
    requireNoContent(reader.form() != Form.NONE, slice.directory.resolve(entry.requireName()));
  }

  private void stageSpecial(
      Slice slice, RecordReader reader, Place place, Metadata wanted, TreePath path, boolean asked)
      throws IOException {
    FileStatus here = place.find(path.name());
    if (!asked) {
      slice.met(reader.index(), here);
    }
    if (here == null) {
      pass.tally().newEntries.increment();
    }
    if (here != null && !pass.poison().contains(slice.directory, path)) {
      Metadata found = SliceComparer.find(place.directory(), path.name(), here);
      boolean isAlone = here.linkCount() == 1;
      boolean mayStay = isAlone || reader.entry().linkRole() != LinkRole.ONLY;
      if (found != null && found.sameAs(wanted) && mayStay) {
        return;
      }
      if (found != null && onlyMetadataDiffers(found, wanted)) {
        pass.tally().metadataOnly.increment();
      } else {
        pass.tally().created.increment();
      }
    } else {
      pass.tally().created.increment();
    }
    Spot spot = place.spot(path);
    pass.stager().special(spot, wanted);
    place.staged(spot, wanted, 0);
  }

  private static boolean onlyMetadataDiffers(Metadata found, Metadata wanted) {
    return found.kind() == wanted.kind()
        && found.device() == wanted.device()
        && found.linkTarget().equals(wanted.linkTarget());
  }

  private void stageFile(
      Slice slice, RecordReader reader, ByteBuf plain, Place place, Metadata wanted, TreePath path)
      throws IOException {
    Metadata settled = settled(reader.settled(), wanted, path);
    if (place.isNew() || slice.scope.isNamed() && place.find(path.name()) == null) {
      pass.tally().newEntries.increment();
    }
    Spot spot = place.spot(path);
    pass.stager().file(spot, settled, content(reader, plain));
    place.staged(spot, settled, wanted.sizeBytes());
    pass.tally().file(wanted.sizeBytes(), 0);
    if (reader.settled() == Settled.STABLE) {
      slice.brought(reader.index(), reader.entry(), wanted);
    }
  }

  private static SmallContent content(RecordReader reader, ByteBuf plain) {
    List<DataExtent> extents = reader.extents();
    int position = reader.contentOffset();
    if (reader.form() == Form.WHOLE) {
      return SmallContent.whole(plain, position, extents.isEmpty() ? 0 : extents.get(0).length());
    }
    return new SmallContent(
        plain,
        position,
        extents.stream().mapToInt(DataExtent::offset).toArray(),
        extents.stream().mapToInt(DataExtent::length).toArray());
  }

  /** A file that did not hold still gets a time that every later comparison finds different. */
  Metadata settled(Settled settled, Metadata wanted, TreePath path) {
    if (settled == Settled.STABLE) {
      return wanted;
    }
    pass.tally().busyFiles.increment();
    pass.replies()
        .add(
            path,
            Problem.BUSY,
            "changed while it was read; it is a mix of moments and comes again");
    boolean earliest = wanted.modified().seconds() < Long.MIN_VALUE + BUSY_SECONDS;
    return wanted.withModified(wanted.modified().minusSeconds(earliest ? -1 : BUSY_SECONDS));
  }

  private void meetFile(
      Slice slice, RecordReader reader, Place place, Metadata wanted, TreePath path, boolean asked)
      throws IOException, InterruptedException {
    Name name = path.name();
    FileStatus here = asked ? null : place.find(name);
    if (asked && wanted.sizeBytes() <= ContentMessage.INLINE_BYTES_MAX) {
      throw new ProtocolViolation(
          "asked for the content of %s, which did not come".formatted(path));
    }
    slice.met(reader.index(), here);
    if (here == null && !asked) {
      pass.tally().newEntries.increment();
    }
    boolean trusted = !pass.poison().contains(slice.directory, path);
    if (here != null && here.isRegular() && trusted) {
      if (contents != null
          && contents.looksInto(slice, reader.entry(), here)
          && FileKeeper.looksUnchanged(here, wanted)) {
        contents.add(slice, reader.index(), new FileComparison.Pair(path, reader.entry(), here));
        return;
      }
      var meeting = new Meeting(reader.index(), reader.entry(), path, wanted, here);
      if (keeper.meet(slice, place, meeting)) {
        return;
      }
    }
    if (here == null && trusted && !asked && newcomers.mayWait(slice, reader.entry())) {
      slice.newcomers.put(reader.index(), reader.entry());
      return;
    }
    want(slice, reader.index(), reader.entry(), path, Predecessor.of(path, trusted ? here : null));
  }

  FileKeeper keeper() {
    return keeper;
  }

  /** Asks for the content of a file; builds on what it was before, if that is given. */
  void want(Slice slice, int index, Entry entry, TreePath path, @Nullable Predecessor before) {
    long size = entry.metadata().sizeBytes();
    if (size > ContentMessage.INLINE_BYTES_MAX) {
      var large = new LargeFile(path, index, entry, slice, pass, before);
      slice.largeFiles.put(index, large);
      pass.requests().begin(large);
    } else {
      ask(slice, index, path.name(), size + QUESTION_COST);
    }
  }

  /** Asks for the content of an entry, or for how it is now. */
  static void ask(Slice slice, int index, Name name, long cost) {
    slice.wanted.put(index, new Slice.Wanted(name, cost, 0));
    slice.question.add(index, cost);
  }

  void refuse(TreePath path, LinuxException e) throws LinuxException {
    String reason = EntryRefusal.reasonOf(e);
    if (reason == null) {
      throw e;
    }
    pass.replies().add(path, reason, e.call() + ": " + e.errno().text());
  }
}
