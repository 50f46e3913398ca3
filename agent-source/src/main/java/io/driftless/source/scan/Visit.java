package io.driftless.source.scan;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.TreePath;
import java.util.function.Supplier;
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

  /**
   * It is open. Whoever asked closes it.
   *
   * @param beganMillis the wall clock before it was opened
   * @param status as it was when it had been opened
   * @param reader reads the rest of its metadata; null where that can't be had, which has been told
   */
  record Open(
      TreePath path,
      long sequence,
      long beganMillis,
      Directory directory,
      FileStatus status,
      Supplier<@Nullable Entry> reader,
      Exclusions.OfDirectory exclusions)
      implements Visit, AutoCloseable {
    /** The same, for names that an earlier reading found. */
    Open as(long earlierSequence) {
      return new Open(path, earlierSequence, beganMillis, directory, status, reader, exclusions);
    }

    /** Reads the directory itself as an entry, as far as it can be carried. */
    @Nullable Entry self() {
      return reader.get();
    }

    @Override
    public void close() {
      directory.close();
    }
  }
}
