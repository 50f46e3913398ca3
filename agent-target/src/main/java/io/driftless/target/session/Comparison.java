package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.RecordReader;
import io.driftless.protocol.wire.RecordReader.Form;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.session.FileComparison.Outcome;
import io.driftless.target.stage.StagingArea;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out in what the target differs from what the source lists, and tells the source, without
 * changing anything: all that a pass without effect does, and the eyes of a pass that tells what it
 * does.
 */
final class Comparison implements AutoCloseable {
  /** The index of a directory among its own entries. */
  private static final int SELF = -1;

  private final PassParts pass;
  private final BeginPass begin;
  private final EntryComparison entries;
  private final FileComparison files;
  private final ExtraComparison extras;
  private final LinkComparison links;

  /**
   * What one pass compares with.
   *
   * @param feed what differs goes there
   * @param lastPass when this agent last wrote to the volume, if that is known
   * @param mender brings over what turns out to differ, in a pass that applies
   * @param afterwards told when files of a slice have been compared
   */
  Comparison(
      PassParts pass,
      Workers workers,
      BeginPass begin,
      DifferenceFeed feed,
      Optional<Instant> lastPass,
      FileComparison.Judge mender,
      FileComparison.Afterwards afterwards)
      throws LinuxException {
    this.pass = pass;
    this.begin = begin;
    this.entries = new EntryComparison(pass, feed, lastPass);
    boolean isByMetadata = begin.compare() == Compare.METADATA;
    boolean countsHoles = !isByMetadata || begin.effect() == Effect.VERIFY;
    FileComparison.Judge judge =
        (slice, index, pair, found) -> {
          Outcome outcome = found == Outcome.HOLES && !countsHoles ? Outcome.EQUAL : found;
          boolean isChange = outcome == Outcome.CONTENT || outcome == Outcome.HOLES;
          if (begin.effect().isNone() || begin.effect() == Effect.ITEMIZE && isChange) {
            entries.tell(pair, outcome);
          }
          if (!begin.effect().isNone()) {
            mender.judge(slice, index, pair, outcome);
          }
        };
    this.files = new FileComparison(pass, workers, begin, judge, afterwards);
    this.extras = new ExtraComparison(pass, entries);
    this.links = new LinkComparison(entries);
  }

  ExtraComparison extras() {
    return extras;
  }

  LinkComparison links() {
    return links;
  }

  /** Takes in the records of a listing's part, in place of whoever applies them. */
  void listed(Slice slice, ByteBuf plain, int firstIndex) throws IOException, InterruptedException {
    if (firstIndex != slice.nextIndex) {
      throw new ProtocolViolation(
          "slice %d goes on at %d instead of %d"
              .formatted(slice.number, firstIndex, slice.nextIndex));
    }
    try (Directory directory = openOrRefuse(slice)) {
      forEach(
          slice,
          plain,
          directory,
          (reader, here) -> {
            take(slice, reader);
            if (reader.form() == Form.NONE && reader.index() != SELF && !slice.refused) {
              compare(slice, reader, here, Telling.ALOUD);
            }
          });
    }
    pass.slices().count(slice);
  }

  /**
   * Whether a file is to be compared by what it holds: any, or those that look unchanged and yet
   * can't be trusted, as a pass that only applies has them compared.
   */
  boolean looksInto(Slice slice, Entry entry, @Nullable FileStatus here) {
    return begin.compare() == Compare.CONTENT
        || begin.effect() == Effect.VERIFY
        || here != null
            && FileKeeper.looksUnchanged(here, entry.metadata())
            && FileKeeper.isSuspect(slice, entry, here);
  }

  /** Has a file compared by what it holds; {@link #examine} follows. */
  void add(Slice slice, int index, FileComparison.Pair pair) {
    files.add(slice, index, pair);
  }

  /** Has all files examined that were added. */
  void examine(Slice slice) {
    files.ask(slice);
  }

  /** Whether somebody else tells the same anyway. */
  private enum Telling {
    ALOUD,
    SILENT
  }

  /** Tells what is about to be done with the records of a listing's part. */
  void itemize(Slice slice, ByteBuf plain) throws IOException, InterruptedException {
    try (Directory directory = entries.open(slice.directory)) {
      forEach(
          slice,
          plain,
          directory,
          (reader, here) -> {
            boolean isEntry = reader.form() != Form.VANISHED && reader.form() != Form.UNREADABLE;
            if (isEntry && reader.index() != SELF && reader.entry().name() != null) {
              compare(slice, reader, here, Telling.SILENT);
            }
          });
    } catch (ConfinementException e) {
      // Whoever applies it says so.
    } catch (LinuxException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
    }
  }

  /** What is done with a record. */
  @FunctionalInterface
  private interface Reading {
    void accept(RecordReader reader, Here here) throws IOException, InterruptedException;
  }

  /** The directory that is compared with, null where there is none, and what is not part of it. */
  private record Here(@Nullable Directory directory, Exclusions.InDirectory excluded) {}

  private void forEach(Slice slice, ByteBuf plain, @Nullable Directory directory, Reading reading)
      throws IOException, InterruptedException {
    boolean selfDue = slice.parts == 1 && slice.scope.holdsDirectoryItself();
    var reader = new RecordReader(plain);
    var here = new Here(directory, pass.exclusions().in(slice.directory));
    while (reader.next()) {
      if (selfDue && reader.index() == SELF) {
        self(slice, reader, directory);
      } else {
        reading.accept(reader, here);
      }
      selfDue = false;
    }
  }

  private @Nullable Directory openOrRefuse(Slice slice) throws LinuxException {
    try {
      return entries.open(slice.directory);
    } catch (ConfinementException e) {
      refuse(slice, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
      refuse(slice, "not-permitted", e.errno().text());
    }
    return null;
  }

  private void refuse(Slice slice, String reason, String detail) {
    if (!slice.refused) {
      pass.replies().add(slice.directory, reason, detail);
    }
    slice.refused = true;
  }

  private void self(Slice slice, RecordReader reader, @Nullable Directory here)
      throws IOException, InterruptedException {
    Entry self = reader.entry();
    Name name = slice.directory.isRoot() ? null : slice.directory.name();
    if (!Objects.equals(name, self.name())
        || self.kind() != Kind.DIRECTORY
        || EntryCodec.isNameOnly(self)) {
      throw new ProtocolViolation("slice %d begins with another entry".formatted(slice.number));
    }
    if (!slice.refused) {
      entries.self(slice.directory, self, here);
    }
  }

  /** Checks a record's place, as whoever applies it would. */
  private void take(Slice slice, RecordReader reader) {
    if (reader.index() != slice.nextIndex) {
      throw new ProtocolViolation(
          "index %d instead of %d in slice %d"
              .formatted(reader.index(), slice.nextIndex, slice.number));
    }
    slice.nextIndex++;
    if (reader.form() == Form.VANISHED || reader.form() == Form.UNREADABLE) {
      slice.hasGap = true;
      return;
    }
    if (reader.form() != Form.NONE) {
      throw new ProtocolViolation("content in a pass that only compares");
    }
    Name name = reader.entry().name();
    if (name == null || slice.directory.isRoot() && name.equals(StagingArea.HOME)) {
      throw new ProtocolViolation("an entry that can't be in " + slice.directory);
    }
    if (slice.scope.bits() > 0 && !slice.scope.contains(pass.hash().hash64(name))) {
      throw new ProtocolViolation(
          "%s does not belong to its scope of %s".formatted(name, slice.directory));
    }
    if (!slice.names.add(name)) {
      throw new ProtocolViolation("%s twice in %s".formatted(name, slice.directory));
    }
  }

  /** A directory is only a name here: its own slice brings it. */
  private void compare(Slice slice, RecordReader reader, Here here, Telling telling)
      throws IOException, InterruptedException {
    Entry entry = reader.entry();
    TreePath path = slice.directory.resolve(entry.requireName());
    if (here.excluded().excludes(path.name(), entry.kind())) {
      if (telling == Telling.ALOUD) {
        pass.replies().add(path, "excluded-here", "the target keeps this for itself");
      }
      return;
    }
    if (entry.kind() == Kind.DIRECTORY) {
      return;
    }
    try {
      FileStatus status = entries.entry(path, entry, here.directory());
      if (status != null && status.isDirectory()) {
        extras.tellBelow(path);
      }
      if (telling == Telling.ALOUD && entry.kind() == Kind.REGULAR) {
        FileStatus seen = status != null && status.isRegular() ? status : null;
        if (looksInto(slice, entry, seen)) {
          add(slice, reader.index(), new FileComparison.Pair(path, entry, seen));
        }
      }
    } catch (LinuxException e) {
      if (e.errno() == Errno.EIO || e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
        throw e;
      }
      pass.replies().add(path, "not-permitted", e.call() + ": " + e.errno().text());
    }
  }

  /** The source has examined files. */
  void examined(Slice slice, Examined message) {
    files.examined(slice, message);
  }

  /** Asks about what a complete listing left out. */
  void askForExtras(Slice slice) throws IOException, InterruptedException {
    var names = new ArrayList<Name>();
    pass.comparer()
        .leftOut(
            slice.directory,
            slice.scope,
            slice.names,
            (name, subtree) -> {
              names.add(name);
              pass.tally().before(subtree.entriesBelow(), subtree.filesBelow());
              pass.extras().add(slice.directory, name, subtree);
            });
    extras.ask(slice.directory, names);
  }

  void tellExtras(ConfirmAbsent question, Absences answer)
      throws IOException, InterruptedException {
    extras.tell(question, answer);
  }

  void compare(LinkGroup group) throws IOException, InterruptedException {
    links.compare(group);
  }

  void end() {
    extras.end();
  }

  @Override
  public void close() {
    files.close();
  }
}
