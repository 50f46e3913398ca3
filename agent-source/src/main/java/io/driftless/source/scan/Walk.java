package io.driftless.source.scan;

import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.WalkStack.Task;
import io.driftless.source.scan.WalkStack.Task.SomeNames.Shared;
import io.driftless.source.send.Branch;
import io.driftless.source.send.OpenSlice;
import io.driftless.source.send.OpenSlices;
import java.io.IOException;
import java.util.List;

/**
 * One walk over a volume, or a part of it.
 *
 * <p>Threads of two sorts work on it. Some walk: they wait for the target's windows. Others list
 * what the target wants to see of what was offered; they never wait for a window of slices, which
 * would reopen only by their work. How many there are is up to whoever runs them.
 */
public final class Walk {
  private final WalkContext context;
  private final WalkStack stack;
  private final Visitor visitor;

  /**
   * A walk that has not begun.
   *
   * @throws LinuxException if the root is out of order
   */
  public Walk(WalkContext context) throws LinuxException {
    this.context = context;
    this.stack = new WalkStack(context.offers()::flush);
    this.visitor = new Visitor(context);
  }

  /** Begins. */
  public void begin(Itinerary itinerary) {
    switch (itinerary) {
      case Itinerary.Tree(TreePath below) -> stack.push(new Task.OneDirectory(null, below));
      case Itinerary.Changes(var names, var trees) -> {
        trees.forEach(tree -> stack.push(new Task.OneDirectory(null, tree)));
        names.forEach(
            (directory, some) -> stack.push(new Task.SomeNames(directory, some, Shared.NOTED)));
      }
    }
  }

  /**
   * Walks until the walk is closed.
   *
   * @throws IOException if the conversation has ended, or links can't be kept track of
   */
  public void walk() throws IOException, InterruptedException {
    try (var scanner = new SliceScanner(context, stack, visitor)) {
      while (true) {
        Task task = stack.take();
        if (task == null) {
          return;
        }
        scanner.run(task);
        stack.finished();
      }
    }
  }

  /**
   * Lists what the target wants to see, until it is interrupted.
   *
   * @throws IOException as {@link #walk}
   */
  public void list() throws IOException, InterruptedException {
    try (var scanner = new SliceScanner(context, stack, visitor)) {
      while (true) {
        scanner.list(context.slices().nextDecision());
      }
    }
  }

  /** Waits until everything has been walked, and everything that the target wants is listed. */
  public void awaitEnd() throws InterruptedException {
    OpenSlices slices = context.slices();
    while (true) {
      long pushes = stack.awaitIdle();
      context.offers().flush();
      slices.awaitAllSaid();
      // Nobody walked in between, so whatever was said is still all.
      if (stack.isUntouchedSince(pushes)) {
        return;
      }
    }
  }

  /**
   * Walks all names of inodes that have several where one was walked; {@link #awaitEnd} comes
   * before and follows.
   */
  public void completeGroups(SearchPace pace) throws InterruptedException {
    new SharedNames(context, visitor)
        .missing(pace)
        .forEach(
            (directory, names) -> stack.push(new Task.SomeNames(directory, names, Shared.LISTED)));
  }

  /** Walks what the target left for later; {@link #awaitEnd} follows. */
  public void revisit(List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      OpenSlice slice = context.slices().revisited(verdict);
      Branch above = slice.branch().revisited(verdict.finding());
      stack.push(new Task.OneDirectory(above, slice.directory()));
    }
  }

  /** Lets the walking threads end. */
  public void close() {
    stack.close();
  }
}
