package io.driftless.source.watch;

import io.driftless.protocol.tree.TreePath;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes note of what changes in volumes. Thread-safe. */
public interface ChangeWatch extends AutoCloseable {
  /**
   * Begins to watch a volume; everything that changes after this has returned gets into the set.
   *
   * @param root of the volume, absolute
   */
  Watched watch(Path root, DirtySet dirty);

  @Override
  void close();

  /** A volume that is watched. */
  interface Watched extends AutoCloseable {
    /** {@code fanotify}, {@code inotify}, or {@code passes} where nothing can be noticed. */
    String method();

    /** Why not a better method; empty if there is none. */
    String reason();

    /** How often changes came faster than they could be taken note of. */
    long overflows();

    /** Completed when everything that had changed when this was asked is in the set. */
    CompletableFuture<Void> drained();

    /**
     * Regular files of the volume that somebody has open for writing, or mapped: what is written to
     * them may go unnoticed.
     */
    List<TreePath> openForWriting();

    @Override
    void close();
  }

  /** Notices nothing: passes have to do it. */
  static ChangeWatch none(String reason) {
    return new ChangeWatch() {
      @Override
      public Watched watch(Path root, DirtySet dirty) {
        return new Watched() {
          @Override
          public String method() {
            return "passes";
          }

          @Override
          public String reason() {
            return reason;
          }

          @Override
          public long overflows() {
            return 0;
          }

          @Override
          public CompletableFuture<Void> drained() {
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public List<TreePath> openForWriting() {
            return List.of();
          }

          @Override
          public void close() {}
        };
      }

      @Override
      public void close() {}
    };
  }
}
