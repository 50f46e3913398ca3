package io.driftless.target.session;

import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.DurableStorage;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What a session that only reads has in place of what others write to. No pass that it admits gets
 * here: whatever does is a fault, and fails.
 */
final class Untouchable {
  static final DurableStorage STORAGE =
      () -> {
        throw fault();
      };

  private Untouchable() {}

  /** The same store, which takes up nothing. */
  static PoisonStore readOnly(PoisonStore store) {
    return new ReadOnlyPoison(store);
  }

  private record ReadOnlyPoison(PoisonStore store) implements PoisonStore {
    @Override
    public Set<TreePath> poisoned() throws IOException {
      return store.poisoned();
    }

    @Override
    public Set<TreePath> unproven() throws IOException {
      return store.unproven();
    }

    @Override
    public void poison(List<TreePath> entries) {
      throw fault();
    }

    @Override
    public void healed(List<TreePath> entries) {
      throw fault();
    }

    @Override
    public void doubt(List<TreePath> directories) {
      throw fault();
    }

    @Override
    public void proven() {
      throw fault();
    }
  }

  private static IllegalStateException fault() {
    return new IllegalStateException("a session that only reads was about to write");
  }
}
