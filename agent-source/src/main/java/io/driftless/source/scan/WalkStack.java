package io.driftless.source.scan;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Manner;
import io.driftless.source.send.Branch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be walked: last in, first out, so that it stays as small as the tree is deep.
 * Thread-safe.
 *
 * <p>It is idle when it is empty and nobody works on what was taken from it.
 */
final class WalkStack {
  /** Something to walk. */
  sealed interface Task {
    /**
     * A directory.
     *
     * @param above of the directory that holds it, absent for the start of the walk
     */
    record OneDirectory(@Nullable Branch above, TreePath path) implements Task {}

    /** Some names of a large directory. */
    record OneScope(LargeDirectory directory, Scope scope, LargeDirectory.Share share)
        implements Task {}

    /**
     * Some names of a directory, and itself.
     *
     * @param shared what becomes of names that lead to inodes with several
     */
    record SomeNames(TreePath directory, Map<Name, Manner> names, Shared shared) implements Task {
      enum Shared {
        /** All that go along are in this walk. */
        LISTED,
        /** The others have to be found first. */
        NOTED
      }
    }

    /** The scopes of a large directory from one on. */
    record NextScopes(LargeDirectory directory, int prefix) implements Task {}
  }

  private sealed interface Frame {
    record Single(Task task) implements Frame {}

    /** Directories of one parent; the cursor moves. */
    final class Siblings implements Frame {
      private final Branch above;
      private final TreePath parent;
      private final List<Name> names;
      private int next;

      Siblings(Branch above, TreePath parent, List<Name> names) {
        this.above = above;
        this.parent = parent;
        this.names = names;
      }
    }
  }

  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Runnable beforeWaiting;
  private int active;
  private long pushes;
  private boolean closed;

  /**
   * An empty stack.
   *
   * @param beforeWaiting run by each thread that is about to wait here
   */
  WalkStack(Runnable beforeWaiting) {
    this.beforeWaiting = beforeWaiting;
  }

  synchronized void push(Task task) {
    push(new Frame.Single(task));
  }

  /** Pushes the subdirectories of a directory. */
  synchronized void push(Branch above, TreePath parent, List<Name> names) {
    if (!names.isEmpty()) {
      push(new Frame.Siblings(above, parent, names));
    }
  }

  private void push(Frame frame) {
    frames.push(frame);
    pushes++;
    notifyAll();
  }

  /** Waits for the next task; null once the stack is closed. Whoever takes one reports its end. */
  @Nullable Task take() throws InterruptedException {
    Task task = poll();
    if (task != null) {
      return task;
    }
    beforeWaiting.run();
    return await();
  }

  private synchronized @Nullable Task await() throws InterruptedException {
    while (true) {
      if (closed) {
        return null;
      }
      Task task = poll();
      if (task != null) {
        return task;
      }
      wait();
    }
  }

  private synchronized @Nullable Task poll() {
    Frame top = frames.peek();
    if (top == null || closed) {
      return null;
    }
    active++;
    return switch (top) {
      case Frame.Single single -> {
        frames.pop();
        yield single.task();
      }
      case Frame.Siblings siblings -> {
        Name name = siblings.names.get(siblings.next++);
        if (siblings.next == siblings.names.size()) {
          frames.pop();
        }
        yield new Task.OneDirectory(siblings.above, siblings.parent.resolve(name));
      }
    };
  }

  /** The task that this thread took is done, and what follows from it has been pushed. */
  synchronized void finished() {
    active--;
    if (active == 0 && frames.isEmpty()) {
      notifyAll();
    }
  }

  /** Waits until it is idle; returns how much had been pushed by then. */
  synchronized long awaitIdle() throws InterruptedException {
    while (active > 0 || !frames.isEmpty()) {
      wait();
    }
    return pushes;
  }

  /** Tells whether nothing has been pushed since. */
  synchronized boolean isUntouchedSince(long pushesThen) {
    return pushes == pushesThen;
  }

  /** Ends all waiting; nothing is given out any more. */
  synchronized void close() {
    closed = true;
    frames.clear();
    notifyAll();
  }
}
