package io.driftless.target.session;

import java.util.ArrayDeque;

/**
 * Lets questions for content out as long as the answers have room in the window, in turns between
 * files. Thread-safe.
 */
final class ContentRequests {
  private static final int LARGE_FILES_MAX = 32;

  /** Somebody who has something to ask for. */
  interface Asker {
    /** What the next question costs; asked again right before {@link #ask}. */
    long cost();

    /**
     * Asks one question of the cost that was told last; queues again if more is to be asked. Must
     * not block.
     */
    void ask();
  }

  private final long askedBytesMax;
  private final ArrayDeque<Asker> queue = new ArrayDeque<>();
  private final ArrayDeque<LargeFile> parked = new ArrayDeque<>();
  private long outstandingBytes;
  private int largeFiles;
  private boolean pumping;

  ContentRequests(long askedBytesMax) {
    this.askedBytesMax = askedBytesMax;
  }

  synchronized void queue(Asker asker) {
    queue.add(asker);
    pump();
  }

  /** Queues a large file as soon as few enough others are under way. */
  synchronized void begin(LargeFile file) {
    if (largeFiles < LARGE_FILES_MAX) {
      largeFiles++;
      queue(file);
    } else {
      parked.add(file);
    }
  }

  /** A large file is done with, one way or another. */
  synchronized void end() {
    largeFiles--;
    LargeFile next = parked.poll();
    if (next != null) {
      begin(next);
    }
  }

  /** An answer has been dealt with. */
  synchronized void answered(long cost) {
    outstandingBytes -= cost;
    pump();
  }

  private void pump() {
    if (pumping) {
      return; // an asker queues again
    }
    pumping = true;
    while (!queue.isEmpty() && fits(queue.element().cost())) {
      Asker next = queue.remove();
      outstandingBytes += next.cost();
      next.ask();
    }
    pumping = false;
  }

  private boolean fits(long cost) {
    return outstandingBytes == 0 || outstandingBytes + cost <= askedBytesMax;
  }
}
