package io.driftless.source.scan;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Visitor.Telling;
import io.driftless.source.scan.WalkStack.Task;
import io.driftless.source.send.Branch;
import io.driftless.source.send.HeldListing;
import io.driftless.source.send.ListingWriter;
import io.driftless.source.send.OpenSlice;
import io.driftless.source.send.OpenSlices;
import io.driftless.source.send.OpenSlices.Decision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns directories into offers, or where the target lacks them into listings with content.
 * Confined to one thread.
 */
final class SliceScanner implements AutoCloseable {
  /** Names of one slice; a directory with more goes in scopes. */
  private static final int SLICE_ENTRIES_MAX = 16 * 1024;

  private final WalkContext context;
  private final WalkStack stack;
  private final Visitor visitor;
  private final Steps steps;
  private final OpenSlices slices;
  private final ListingWriter writer;
  private final OfferScan offers;
  private final ListingScan listings;
  private final NamedScan named;
  private final NameList names = new NameList();
  private final int sliceEntriesMax;

  SliceScanner(WalkContext context, WalkStack stack, Visitor visitor) {
    this.context = context;
    this.stack = stack;
    this.visitor = visitor;
    this.steps = new Steps(context);
    this.slices = context.slices();
    this.writer = new ListingWriter(context.conversation(), context.slices());
    this.offers = new OfferScan(context);
    this.listings = new ListingScan(context, writer);
    this.named = new NamedScan(context, stack, visitor, writer, listings);
    this.sliceEntriesMax = Math.min(SLICE_ENTRIES_MAX, Math.max(1, slices.entriesMax() / 2));
  }

  /** What was seen of a directory's names. */
  private record Names(NameList list, Reach reach) {}

  /** Does what a task says and pushes what follows from it. */
  void run(Task task) throws IOException, InterruptedException {
    switch (task) {
      case Task.OneDirectory one -> directory(one);
      case Task.OneScope one -> scope(one);
      case Task.SomeNames some -> named.scan(some);
      case Task.NextScopes next -> nextScopes(next);
    }
  }

  private void directory(Task.OneDirectory task) throws IOException, InterruptedException {
    Branch above = task.above();
    if (above != null && above.isParked()) {
      return; // the target comes back to it
    }
    steps.next();
    var branch = new Branch(above);
    switch (visitor.visit(task.path(), Telling.FIRST)) {
      case Visit.Gone _ -> {}
      case Visit.Shut shut -> shut(branch, task.path(), shut);
      case Visit.Open open -> {
        try (open) {
          directory(branch, open);
        }
      }
    }
  }

  private void directory(Branch branch, Visit.Open open) throws IOException, InterruptedException {
    if (!slices.isKnown(open.path())) {
      context.tally().directoryFound();
    }
    if (!branch.isAbsent() && offers.isStill(open, sliceEntriesMax)) {
      offerKnown(branch, open);
      return;
    }
    names.clear();
    var counting = new Counting();
    Reach reach = collect(open, counting, null);
    if (counting.count <= sliceEntriesMax) {
      slice(branch, open, Scope.ALL, new Names(names, reach));
      return;
    }
    names.clear();
    var large = LargeDirectory.of(branch, open.path(), counting.count, sliceEntriesMax);
    nextScopes(new Task.NextScopes(large, 0));
  }

  private void offerKnown(Branch branch, Visit.Open open) throws IOException, InterruptedException {
    context.reserve(offers.entries());
    ListingScan.Counting counts = counting(open, Scope.ALL);
    var subdirectories = new ArrayList<Name>();
    OpenSlice slice = slices.openForOffer(branch, open.path(), Scope.ALL, offers.entries());
    offers.offerKnown(slice, open, counts, subdirectories);
    awaitStart(branch);
    stack.push(branch, open.path(), subdirectories);
  }

  private ListingScan.Counting counting(Visit.Open open, Scope scope) {
    return slices.isKnown(open.path(), scope)
        ? ListingScan.Counting.FOUND_BEFORE
        : ListingScan.Counting.FOUND_NOW;
  }

  /** Below the start of a walk nothing is worth a look before the target has said what it has. */
  private void awaitStart(Branch branch) throws InterruptedException {
    if (branch.isStart()) {
      context.offers().flush();
      branch.awaitVerdict();
    }
  }

  /** Collects names as long as they fit into one slice, and counts all of them. */
  private final class Counting implements NameSink {
    private long count;

    @Override
    public void add(Name name, Kind kind) {
      if (++count <= sliceEntriesMax) {
        names.add(name, kind);
      }
    }
  }

  private interface NameSink {
    void add(Name name, Kind kind);
  }

  /**
   * Reads the names of a directory that are part of the volume.
   *
   * @param known the slice that is being read again, if it is
   */
  private Reach collect(Visit.Open open, NameSink sink, @Nullable OpenSlice known) {
    Directory directory = open.directory();
    try (DirectoryEntries cursor = directory.entries()) {
      while (cursor.next()) {
        Name name = cursor.name();
        Kind kind = cursor.kind();
        if (kind == null) {
          FileStatus status = directory.statusIfPresent(name);
          if (status == null) {
            continue;
          }
          kind = status.kind();
        }
        if (!open.exclusions().excludes(name, kind)) {
          sink.add(name, kind);
        }
      }
      return Reach.ALL;
    } catch (LinuxException e) {
      if (known == null || known.isNews(null)) {
        context.findings().problem(open.path(), "unreadable", String.valueOf(e.getMessage()));
        context.tally().directoryUnreadable();
      }
      return Reach.SOME;
    }
  }

  /** Collects the names of the next scopes and leaves one task for each of them. */
  private void nextScopes(Task.NextScopes task) throws IOException, InterruptedException {
    LargeDirectory large = task.directory();
    if (large.branch().isParked()) {
      return;
    }
    int first = task.prefix();
    var sorter = large.new Sorter(context.hash(), first, slices.entriesMax());
    if (!(visitor.visit(large.path(), Telling.FIRST) instanceof Visit.Open open)) {
      return;
    }
    long sequence = open.sequence();
    Reach reach;
    try (open) {
      reach = collect(open, sorter::add, null);
    }
    if (sorter.isOverflown()) {
      context.findings().problem(large.path(), "growing", "it grows faster than it can be read");
      reach = Reach.SOME;
    }
    var tasks = new ArrayList<Task>();
    for (NameList list : sorter.lists()) {
      var share = new LargeDirectory.Share(sequence, list, reach);
      tasks.add(new Task.OneScope(large, large.scope(first + tasks.size()), share));
    }
    if (first + tasks.size() < large.scopes()) {
      stack.push(new Task.NextScopes(large, first + tasks.size()));
    }
    // The first scope holds the directory itself: nothing else of it goes out before.
    Task.OneScope head = (Task.OneScope) tasks.getFirst();
    if (first == 0) {
      scope(head);
      tasks.removeFirst();
    }
    tasks.reversed().forEach(stack::push);
  }

  private void scope(Task.OneScope task) throws IOException, InterruptedException {
    LargeDirectory large = task.directory();
    if (large.branch().isParked()) {
      return;
    }
    if (visitor.visit(large.path(), Telling.AGAIN) instanceof Visit.Open open) {
      try (open) {
        var seen = new Names(task.share().names(), task.share().reach());
        slice(large.branch(), open.as(task.share().sequence()), task.scope(), seen);
      }
    }
  }

  private void slice(Branch branch, Visit.Open open, Scope scope, Names seen)
      throws IOException, InterruptedException {
    context.reserve(seen.list().size());
    var subdirectories = new ArrayList<Name>();
    ListingScan.Counting counts = counting(open, scope);
    if (branch.isAbsent()) {
      OpenSlice slice = slices.openForListing(branch, open.path(), scope, seen.list().size());
      Completeness read =
          listings.list(
              slice, open, seen.list(), ListingScan.Content.INLINE, counts, subdirectories::add);
      writer.finish(worse(read, seen.reach()));
    } else {
      OpenSlice slice = slices.openForOffer(branch, open.path(), scope, seen.list().size());
      if (seen.reach() == Reach.SOME) {
        slice.isNews(null); // it has been told
      }
      offers.offer(slice, open, seen.list(), seen.reach(), counts, subdirectories);
      awaitStart(branch);
    }
    stack.push(branch, open.path(), subdirectories);
  }

  private static Completeness worse(Completeness read, Reach reach) {
    return reach == Reach.ALL ? read : Completeness.INCOMPLETE;
  }

  /** A directory that is not read: itself, without what lies in it. */
  private void shut(Branch branch, TreePath path, Visit.Shut shut)
      throws IOException, InterruptedException {
    context.tally().directoryFound();
    context.reserve(0);
    OpenSlice slice = slices.openForListing(branch, path, Scope.ALL, 0);
    writer.begin(slice, visitor.nextSequence());
    if (shut.self() != null) {
      writer.self(shut.self());
    }
    writer.finish(Completeness.INCOMPLETE);
  }

  /** Sends the listing of a slice that the target wants to see. */
  void list(Decision decision) throws IOException, InterruptedException {
    OpenSlice slice = decision.slice();
    HeldListing held = slices.takeHeld(slice);
    if (held != null && decision.finding() == Finding.DIFFERS) {
      slice.forgetSubdirectories();
      writer.sendHeld(slice, held);
      return;
    }
    switch (visitor.visit(slice.directory(), Telling.AGAIN)) {
      case Visit.Open open -> {
        try (open) {
          listAgain(slice, open, decision.finding());
        }
      }
      case Visit.Gone _ -> listNothing(slice, null);
      case Visit.Shut shut -> listNothing(slice, shut.self());
    }
  }

  private void listNothing(OpenSlice slice, @Nullable Entry self)
      throws IOException, InterruptedException {
    writer.begin(slice, visitor.nextSequence());
    if (self != null && slice.scope().holdsDirectoryItself()) {
      writer.self(self);
    }
    writer.finish(Completeness.INCOMPLETE);
  }

  private void listAgain(OpenSlice slice, Visit.Open open, Finding finding)
      throws IOException, InterruptedException {
    Set<Name> known = slice.takeSubdirectories();
    List<Name> unknown = new ArrayList<>();
    Reach reach = collectAgain(slice, open);
    Completeness read =
        listings.list(
            slice,
            open,
            names,
            finding == Finding.ABSENT ? ListingScan.Content.INLINE : ListingScan.Content.ON_REQUEST,
            ListingScan.Counting.FOUND_BEFORE,
            name -> {
              if (!known.contains(name)) {
                unknown.add(name);
              }
            });
    // Before the slice counts as said, or the walk could end in between.
    stack.push(slice.branch(), open.path(), unknown);
    writer.finish(worse(read, reach));
  }

  /** Collects the names of a slice that was offered; it may have grown since. */
  private Reach collectAgain(OpenSlice slice, Visit.Open open) throws InterruptedException {
    names.clear();
    Scope scope = slice.scope();
    int namesMax = slices.entriesMax();
    Reach reach =
        collect(
            open,
            (name, kind) -> {
              boolean isMeant = scope.bits() == 0 || scope.contains(context.hash().hash64(name));
              if (isMeant && names.size() < namesMax) {
                names.add(name, kind);
              }
            },
            slice);
    int room = slices.extend(slice, names.size());
    if (room == names.size()) {
      return reach;
    }
    context.findings().problem(open.path(), "growing", "it grew while it was being compared");
    names.cut(room);
    return Reach.SOME;
  }

  @Override
  public void close() {
    writer.close();
    offers.close();
  }
}
