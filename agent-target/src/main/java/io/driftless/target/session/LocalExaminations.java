package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.listing.FileExaminer.Depth;
import io.driftless.protocol.listing.FileExaminer.Held;
import io.driftless.protocol.listing.RecentExaminations;
import io.driftless.protocol.tree.Name;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Examines the files that are here, those with several names once, and tells now and then how much
 * it has gone through. Thread-safe.
 */
final class LocalExaminations implements AutoCloseable {
  private static final long TOLD_EVERY_MILLIS = 250;

  private final PassParts pass;
  private final Depth depth;
  private final int blockBytes;
  private final LongConsumer teller;
  private final Queue<FileExaminer> examiners = new ConcurrentLinkedQueue<>();
  private final RecentExaminations linked = new RecentExaminations();
  private final AtomicLong goneThrough = new AtomicLong();
  private final AtomicLong toldMillis = new AtomicLong();

  /**
   * Nothing has been examined yet.
   *
   * @param teller hears now and then how many bytes have been gone through
   */
  LocalExaminations(PassParts pass, Depth depth, int blockBytes, LongConsumer teller) {
    this.pass = pass;
    this.teller = teller;
    this.depth = depth;
    this.blockBytes = blockBytes;
  }

  /** What is done with an examiner. */
  @FunctionalInterface
  interface Use<T> {
    T with(FileExaminer examiner) throws LinuxException, InterruptedException;
  }

  /** Lends an examiner to one thread. */
  <T> T lend(Use<T> use) throws LinuxException, InterruptedException {
    FileExaminer polled = examiners.poll();
    FileExaminer examiner =
        polled != null ? polled : new FileExaminer(pass.hash(), pass.clock(), pass.reader());
    try {
      return use.with(examiner);
    } finally {
      examiners.add(examiner);
    }
  }

  /**
   * Examines a file, which may take long.
   *
   * @param directory that holds it, or null if that has gone
   * @param seen as it was when it was compared with its entry
   * @return null if it has gone
   */
  @Nullable Held examine(
      @Nullable Directory directory, Name name, FileStatus seen, FileExaminer examiner)
      throws LinuxException, InterruptedException {
    if (depth == Depth.LAYOUT && !seen.mayHaveHoles()) {
      return examiner.dense(seen, blockBytes);
    }
    Held known = linked.find(seen);
    if (known != null) {
      advance(seen.size());
      return known;
    }
    return look(directory, name, file -> examiner.examine(file, depth, blockBytes, this::advance));
  }

  /** As {@link #examine}, once more, because the source has summed its file up in another way. */
  @Nullable Held examineAgain(
      @Nullable Directory directory, Name name, Zeros zeros, FileExaminer examiner)
      throws LinuxException, InterruptedException {
    return look(directory, name, file -> examiner.examine(file, zeros, blockBytes, _ -> {}));
  }

  private interface Look {
    Held into(Fd file) throws LinuxException, InterruptedException;
  }

  private @Nullable Held look(@Nullable Directory directory, Name name, Look look)
      throws LinuxException, InterruptedException {
    try (Fd file = directory == null ? null : directory.openForReadingIfPresent(name)) {
      if (file == null || !file.status().isRegular()) {
        return null;
      }
      Held held = look.into(file);
      linked.add(held);
      return held;
    }
  }

  /** So many bytes more are done with, be it that there is nothing here to be read. */
  void advance(long bytes) {
    long sum = goneThrough.addAndGet(bytes);
    long now = pass.clock().millis();
    long told = toldMillis.get();
    if (Math.abs(now - told) >= TOLD_EVERY_MILLIS && toldMillis.compareAndSet(told, now)) {
      teller.accept(sum);
    }
  }

  @Override
  public void close() {
    examiners.forEach(FileExaminer::close);
    examiners.clear();
  }
}
