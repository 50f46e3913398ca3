package io.driftless.source.scan;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.source.read.SmallFileReader;
import io.driftless.source.read.SmallFileReader.Outcome;
import io.driftless.source.read.SmallFileReader.Patience;
import io.driftless.source.read.SmallFileReader.Read;
import io.driftless.source.read.UncarriableException;
import io.driftless.source.report.Tally;
import io.driftless.source.send.ListingWriter;
import io.driftless.source.send.OpenSlice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lists slices, with the content of small files or without. Confined to one thread. */
final class ListingScan {
  /** Whether small files bring their content along. */
  enum Content {
    INLINE,
    ON_REQUEST,
    /** As asked for; that it looks like what the target has proves nothing. */
    ON_SUSPICION
  }

  /** Whether what is listed has been counted before. */
  enum Counting {
    FOUND_NOW,
    FOUND_BEFORE
  }

  private final LinkTable links;
  private final SmallFileReader files;
  private final Tally tally;
  private final ListingWriter writer;
  private final EntryGatherer gatherer;
  private final SliceAccount account;
  private final Steps steps;
  private final List<Name> unsettled = new ArrayList<>();
  private Counting counting = Counting.FOUND_NOW;

  ListingScan(WalkContext context, ListingWriter writer) {
    this.links = context.links();
    this.files = context.files();
    this.tally = context.tally();
    this.writer = writer;
    this.gatherer = new EntryGatherer(context);
    this.account = new SliceAccount(context);
    this.steps = new Steps(context);
  }

  /**
   * Appends all entries of a slice; the caller finishes it.
   *
   * @param subdirectories hears the names of the directories in it
   * @return whether nothing is missing of what the names promised
   */
  Completeness list(
      OpenSlice slice,
      Visit.Open open,
      NameList names,
      Content content,
      Counting counts,
      Consumer<Name> subdirectories)
      throws IOException, InterruptedException {
    gatherer.begin(slice);
    unsettled.clear();
    counting = counts;
    writer.begin(slice, open.sequence());
    account.begin(open);
    if (slice.scope().holdsDirectoryItself()) {
      Entry self = open.self();
      account.addSelf(self, open.status());
      if (self != null) {
        writer.self(self);
      }
    }
    for (int i = 0; i < names.size(); i++) {
      Name name = names.name(i);
      Kind kind = names.kind(i);
      boolean isRead =
          kind == Kind.REGULAR
              && content == Content.INLINE
              && withContent(open, name, Patience.DEFER);
      if (!isRead) {
        alone(open, name, kind, content, subdirectories);
      }
    }
    for (Name name : unsettled) {
      if (!withContent(open, name, Patience.WAIT)) {
        alone(open, name, Kind.REGULAR, content, subdirectories);
      }
    }
    if (gatherer.completeness() == Completeness.INCOMPLETE) {
      account.doubt();
    }
    account.keep(open, slice.scope());
    if (counting == Counting.FOUND_NOW) {
      account.countOwners();
    }
    return gatherer.completeness();
  }

  private void alone(
      Visit.Open open, Name name, Kind kind, Content content, Consumer<Name> subdirectories)
      throws IOException, InterruptedException {
    Entry entry = gatherer.gather(open, name, kind);
    if (entry == null) {
      return;
    }
    boolean isProven = content == Content.ON_REQUEST || entry.kind() != Kind.REGULAR;
    writer.entry(isProven ? entry : young(entry));
    FileStatus status = gatherer.status();
    if (entry.kind() == Kind.DIRECTORY || status == null) {
      account.addSubdirectory(entry);
    } else {
      account.add(entry, status);
    }
    if (entry.kind() == Kind.DIRECTORY) {
      subdirectories.accept(name);
    } else if (entry.kind() == Kind.REGULAR) {
      found(entry.metadata().sizeBytes());
    } else if (counting == Counting.FOUND_NOW) {
      tally.otherFound();
    }
  }

  private static Entry young(Entry entry) {
    return new Entry(
        entry.name(), entry.metadata(), entry.linkRole(), FileVersion.young(entry.version()));
  }

  private void found(long sizeBytes) {
    if (counting == Counting.FOUND_NOW) {
      tally.fileFound(sizeBytes);
    }
  }

  /**
   * Appends a small file with its content, a large one without.
   *
   * @return false if it should be looked at by its name alone: it is something else by now, or
   *     can't be read, about which the target asks
   */
  private boolean withContent(Visit.Open open, Name name, Patience patience)
      throws IOException, InterruptedException {
    steps.next();
    var seen = new FileStatus[1];
    Read read;
    try {
      read =
          files.read(
              open.directory(),
              name,
              writer.nextIndex(),
              status -> {
                seen[0] = status;
                return links.role(status, open.path(), name);
              },
              patience,
              writer);
    } catch (LinuxException e) {
      return false;
    } catch (UncarriableException e) {
      gatherer.missing(open, name, e.reason(), e);
      return true;
    }
    return switch (read.outcome()) {
      case WITH_CONTENT, BUSY, ENTRY_ONLY -> {
        appended(name, read);
        account(read, seen[0]);
        yield true;
      }
      case UNSETTLED -> {
        unsettled.add(name);
        yield true;
      }
      case VANISHED -> true;
      case OTHER_KIND -> false;
    };
  }

  private void account(Read read, FileStatus status) {
    Entry entry = read.entry();
    if (entry == null || read.outcome() == Outcome.BUSY) {
      account.doubt();
    } else {
      account.add(entry, status);
    }
  }

  private void appended(Name name, Read read) {
    writer.appended(name, read.role(), read.sizeBytes());
    found(read.sizeBytes());
    tally.sent(read.contentBytes());
    if (read.outcome() == Outcome.BUSY) {
      tally.busy();
    }
  }
}
