package io.driftless.source.scan;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.TreePath;
import org.jspecify.annotations.Nullable;

/** What came of the attempt to open a directory. */
sealed interface Visit {
  /** It is no longer there. */
  record Gone() implements Visit {}

  /**
   * It is there and is not read: a mount point, or refused.
   *
   * @param self as far as it can be had
   */
  record Shut(@Nullable Entry self) implements Visit {}

  /** It is open. Whoever asked closes it. */
  record Open(
      TreePath path,
      long sequence,
      Directory directory,
      @Nullable Entry self,
      Exclusions.OfDirectory exclusions)
      implements Visit, AutoCloseable {
    /** The same, for names that an earlier reading found. */
    Open as(long earlierSequence) {
      return new Open(path, earlierSequence, directory, self, exclusions);
    }

    @Override
    public void close() {
      directory.close();
    }
  }
}
