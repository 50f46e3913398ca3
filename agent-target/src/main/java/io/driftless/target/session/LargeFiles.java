package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.wire.RecordReader.Settled;
import io.driftless.target.commit.Epoch;
import io.driftless.target.commit.Unit.Shelf;
import io.driftless.target.commit.Unit.StagedEntry;
import io.driftless.target.stage.Draft.Patching;
import io.driftless.target.stage.NoRoomException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what comes of large files, and brings each into its place when all of it is there.
 * Stateless; each slice is worked on by one thread at a time.
 */
final class LargeFiles {
  private final PassParts pass;
  private final EntryApplier applier;

  LargeFiles(PassParts pass, EntryApplier applier) {
    this.pass = pass;
    this.applier = applier;
  }

  /** Takes in a segment of a large file. */
  void apply(Slice slice, Segment segment, ByteBuf literals)
      throws IOException, InterruptedException {
    LargeFile file = require(slice, segment.index());
    proceed(slice, file, file.received(segment, literals));
  }

  /** Takes in a segment that comes from the version which is there, or a part of it. */
  void apply(Slice slice, SegmentDelta delta, ByteBuf literals)
      throws IOException, InterruptedException {
    LargeFile file = require(slice, delta.index());
    proceed(slice, file, file.received(delta, literals));
  }

  /** Answers what the source has to know for a delta. */
  void refine(Slice slice, RefineSegment refine) throws IOException, InterruptedException {
    require(slice, refine.index()).refine(refine);
  }

  private static LargeFile require(Slice slice, int index) {
    LargeFile file = slice.largeFiles.get(index);
    if (file == null) {
      throw new ProtocolViolation(
          "a segment of entry %d of slice %d, which nobody asked for"
              .formatted(index, slice.number));
    }
    return file;
  }

  private void proceed(Slice slice, LargeFile file, LargeFile.Step step)
      throws IOException, InterruptedException {
    switch (step) {
      case GOING_ON -> {}
      case STABLE -> commit(slice, file, Settled.STABLE);
      case BUSY -> commit(slice, file, Settled.BUSY);
      case CHANGED ->
          EntryApplier.ask(slice, file.index, file.path.name(), EntryApplier.QUESTION_COST);
      case INCOMPLETE -> {
        pass.replies().add(file.path, "incomplete", "the source never read all of it");
        end(slice, file); // what is there serves the next attempt as basis
      }
      case VANISHED -> abandon(slice, file);
      case UNREADABLE -> {
        pass.extras().sourceIsIncomplete();
        abandon(slice, file);
      }
      case GIVEN_UP -> end(slice, file);
    }
  }

  private void commit(Slice slice, LargeFile file, Settled settled)
      throws IOException, InterruptedException {
    Metadata listed = applier.wanted(file.entry(), file.path);
    Metadata wanted = applier.settled(settled, listed, file.path);
    if (settled != Settled.STABLE) {
      file.takeSignature().close(); // a mix of moments comes again
    }
    try {
      switch (complete(file, wanted)) {
        case DONE -> {
          pass.tally()
              .largeFile(wanted.sizeBytes(), file.matchedBytes(), file.requireDraft().method());
          if (settled == Settled.STABLE) {
            slice.brought(file.index, file.entry(), wanted);
          }
        }
        case BASIS_CHANGED -> {
          file.loseBasis();
          return;
        }
        case DOUBTFUL -> {
          pass.replies().add(file.path, "storage-error", Replies.STORAGE_ERROR);
          file.requireDraft().remove();
        }
      }
    } catch (LinuxException e) {
      applier.refuse(file.path, e);
      file.requireDraft().remove();
    }
    end(slice, file);
  }

  private enum Completion {
    DONE,
    BASIS_CHANGED,
    /** The disk failed since it was begun. */
    DOUBTFUL
  }

  /** Stages a large file, or changes what is there. */
  private Completion complete(LargeFile file, Metadata wanted)
      throws IOException, InterruptedException {
    while (true) {
      Epoch epoch = pass.epochs().enter();
      long entries = 0;
      NoRoomException lack;
      try {
        if (file.isDoubtful()) {
          return Completion.DOUBTFUL;
        }
        Patching patching = file.requireDraft().isInPlace() ? patch(file, wanted) : Patching.BESIDE;
        if (patching == Patching.BASIS_CHANGED) {
          return Completion.BASIS_CHANGED;
        }
        if (patching == Patching.BESIDE) {
          FileStatus ready = file.requireDraft().complete(pass.writer(), wanted);
          pass.signatures().staged(file.path, file.takeSignature(), ready);
          Name part = file.requireDraft().name();
          epoch.add(new StagedEntry(file.path, Shelf.PARTS, part, wanted.flags(), false));
          entries = 1;
        }
        pass.gate().passed();
        return Completion.DONE;
      } catch (NoRoomException e) {
        lack = e;
      } finally {
        pass.epochs().leave(epoch, entries, entries * wanted.sizeBytes());
      }
      pass.gate().await(lack);
    }
  }

  /** Changes the file where it lies, under its journal: it is durable then, and in no epoch. */
  private Patching patch(LargeFile file, Metadata wanted) throws IOException {
    Name name = file.path.name();
    try (Directory directory = pass.comparer().openIfDirectory(file.path.parent())) {
      if (directory == null) {
        return Patching.BASIS_CHANGED;
      }
      try (Fd opened = openForChange(directory, name)) {
        return opened == null ? buildBeside(file, directory) : patch(file, opened, wanted);
      }
    }
  }

  private Patching patch(LargeFile file, Fd opened, Metadata wanted) throws IOException {
    Patching patching = file.requireDraft().patch(opened, wanted, pass.writer());
    if (patching == Patching.DONE) {
      FileStatus status = opened.status(); // as long as this holds the lease, nobody else writes
      pass.signatures().staged(file.path, file.takeSignature(), status);
      pass.signatures().placed(file.path, status);
    }
    return patching;
  }

  /** Null where the file may not be written to: it is locked, or a program that runs. */
  private static @Nullable Fd openForChange(Directory directory, Name name) throws LinuxException {
    try {
      return directory.openForWriting(name);
    } catch (LinuxException e) {
      return switch (e.errno()) {
        case EPERM, EACCES, ETXTBSY, ENOENT, EISDIR, ENXIO -> null;
        default -> throw e;
      };
    }
  }

  private static Patching buildBeside(LargeFile file, Directory directory) throws IOException {
    try (Fd opened = directory.openForReadingIfPresent(file.path.name())) {
      return opened == null ? Patching.BASIS_CHANGED : file.requireDraft().buildBeside(opened);
    }
  }

  /** Nothing stays of a file that the source has no more, or can't read. */
  void abandon(Slice slice, LargeFile file) throws IOException {
    file.discardDraft();
    if (file.abandon()) {
      end(slice, file);
    }
  }

  private void end(Slice slice, LargeFile file) {
    slice.largeFiles.remove(file.index);
    file.close();
    pass.requests().end();
  }
}
