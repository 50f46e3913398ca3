package io.driftless.source.watch;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Keeps every hint as a line of text, once. */
final class RecordingSink implements ChangeSink {
  private final Set<String> hints = new LinkedHashSet<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  @Override
  public void changed(TreePath directory, Name name) {
    add("changed " + directory.resolve(name));
  }

  @Override
  public void writing(TreePath directory, Name name) {
    changed(directory, name);
  }

  @Override
  public void closed(TreePath directory, Name name) {
    add("closed " + directory.resolve(name));
  }

  @Override
  public void renamed(TreePath fromDirectory, Name from, TreePath toDirectory, Name to) {
    add("renamed " + fromDirectory.resolve(from) + " -> " + toDirectory.resolve(to));
  }

  @Override
  public void appeared(TreePath directory, Name name) {
    add("appeared " + directory.resolve(name));
  }

  @Override
  public void changedDirectory(TreePath directory) {
    add("directory " + directory);
  }

  @Override
  public void changedInode(long inode) {
    add("inode " + inode);
  }

  @Override
  public void inDoubt(String reason) {
    add("doubt: " + reason);
  }

  private void add(String hint) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      hints.add(hint);
    }
  }

  /** From now on hints wait until it opens. */
  void stopAt(CountDownLatch closed) {
    gate = closed;
  }

  /** What came since this was last asked. */
  synchronized Set<String> take() {
    var taken = new LinkedHashSet<>(hints);
    hints.clear();
    return taken;
  }
}
