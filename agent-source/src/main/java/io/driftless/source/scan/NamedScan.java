package io.driftless.source.scan;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Manner;
import io.driftless.source.scan.Visitor.Telling;
import io.driftless.source.scan.WalkStack.Task;
import io.driftless.source.scan.WalkStack.Task.SomeNames.Shared;
import io.driftless.source.send.Branch;
import io.driftless.source.send.ListingWriter;
import io.driftless.source.send.OpenSlice;
import io.driftless.source.send.OpenSlices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lists names that are known to have changed, without offering them, and tells of those that are
 * gone. Confined to one thread.
 */
final class NamedScan {
  private static final int NAMES_MAX = 4096;

  private final WalkContext context;
  private final WalkStack stack;
  private final Visitor visitor;
  private final OpenSlices slices;
  private final ListingWriter writer;
  private final ListingScan listings;
  private final int namesMax;

  NamedScan(
      WalkContext context,
      WalkStack stack,
      Visitor visitor,
      ListingWriter writer,
      ListingScan listings) {
    this.context = context;
    this.stack = stack;
    this.visitor = visitor;
    this.slices = context.slices();
    this.writer = writer;
    this.listings = listings;
    this.namesMax = Math.min(NAMES_MAX, Math.max(1, slices.entriesMax() / 2));
  }

  /** Names of one directory as they are found. */
  private static final class Sorted {
    final NameList written = new NameList();
    final NameList touched = new NameList();

    /** What had another name, or had been something else, a moment ago. */
    final NameList arrived = new NameList();

    final List<TreePath> gone = new ArrayList<>();
    final Shared shared;

    Sorted(Shared shared) {
      this.shared = shared;
    }

    NameList of(Manner manner) {
      return switch (manner) {
        case WRITTEN -> written;
        case ARRIVED -> arrived;
        case TOUCHED -> touched;
      };
    }

    int size() {
      return written.size() + touched.size() + arrived.size();
    }

    void clear() {
      written.clear();
      touched.clear();
      arrived.clear();
    }
  }

  void scan(Task.SomeNames task) throws IOException, InterruptedException {
    switch (visitor.visit(task.directory(), Telling.FIRST)) {
      case Visit.Gone _ -> tellGone(List.of(topmostGone(task.directory())));
      case Visit.Shut _ -> {}
      case Visit.Open open -> {
        try (open) {
          scan(open, task);
        }
      }
    }
  }

  /** What is gone with all that was in it. */
  private TreePath topmostGone(TreePath gone) throws LinuxException {
    TreePath below = gone;
    for (TreePath topmost = gone; !topmost.isRoot(); topmost = topmost.parent()) {
      try (Directory above = context.root().openIfPresent(topmost.parent())) {
        if (above != null) {
          return above.statusIfPresent(topmost.name()) == null ? topmost : below;
        }
      } catch (ConfinementException e) {
        // what was a directory is something else now: it is there, and what was in it is gone
      }
      below = topmost;
    }
    return gone;
  }

  private void scan(Visit.Open open, Task.SomeNames task) throws IOException, InterruptedException {
    var sorted = new Sorted(task.shared());
    for (Map.Entry<Name, Manner> each : task.names().entrySet()) {
      sort(open, each.getKey(), each.getValue(), sorted);
      if (sorted.size() >= namesMax) {
        list(open, sorted);
        sorted.clear();
      }
    }
    list(open, sorted);
    tellGone(sorted.gone);
  }

  private void sort(Visit.Open open, Name name, Manner manner, Sorted sorted)
      throws LinuxException {
    TreePath path = open.path().resolve(name);
    FileStatus status = open.directory().statusIfPresent(name);
    if (status == null) {
      sorted.gone.add(path);
      return;
    }
    Kind kind = status.kind();
    if (open.exclusions().excludes(name, kind)) {
      return;
    }
    if (kind == Kind.DIRECTORY) {
      stack.push(
          manner == Manner.TOUCHED
              ? new Task.SomeNames(path, Map.of(), sorted.shared)
              : new Task.OneDirectory(null, path));
    } else if (status.linkCount() > 1 && sorted.shared == Shared.NOTED) {
      context.sightings().shared(status, path, manner);
    } else {
      sorted.of(manner).add(name, kind);
      if (manner == Manner.WRITTEN) {
        context.sightings().written(path, status.size());
      }
    }
  }

  /** The directory itself goes with them, also if there are none. */
  private void list(Visit.Open open, Sorted sorted) throws IOException, InterruptedException {
    if (sorted.written.size() > 0) {
      list(open, sorted.written, ListingScan.Content.INLINE);
    }
    if (sorted.arrived.size() > 0) {
      list(open, sorted.arrived, ListingScan.Content.ON_SUSPICION);
    }
    if (sorted.touched.size() > 0 || sorted.size() == 0) {
      list(open, sorted.touched, ListingScan.Content.ON_REQUEST);
    }
  }

  private void list(Visit.Open open, NameList names, ListingScan.Content content)
      throws IOException, InterruptedException {
    context.reserve(names.size());
    OpenSlice slice =
        slices.openForListing(new Branch(null), open.path(), Scope.NAMED, names.size());
    Completeness read =
        listings.list(
            slice,
            open,
            names,
            content,
            ListingScan.Counting.FOUND_NOW,
            name -> stack.push(new Task.OneDirectory(null, open.path().resolve(name))));
    writer.finish(read);
  }

  private void tellGone(List<TreePath> paths) {
    for (int from = 0; from < paths.size(); from += Missing.PATHS_MAX) {
      int to = Math.min(paths.size(), from + Missing.PATHS_MAX);
      context.conversation().send(new Missing(List.copyOf(paths.subList(from, to))));
    }
  }
}
