package io.driftless.target.session;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.wire.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Tells the source what differs, no faster than it takes it up: whoever has more to tell waits.
 * Thread-safe; event loops only call {@link #taken} and {@link #end}.
 */
final class DifferenceFeed {
  private static final int BATCH_BYTES_MAX = 256 * 1024;
  private static final int NUMBERS_BYTES = 64;
  private static final int TEXT_CHARS_MAX = 200;

  private final Conversation conversation;
  private List<Difference> batch = new ArrayList<>();
  private int batchBytes;
  private int outstanding;
  private boolean over;

  DifferenceFeed(Conversation conversation) {
    this.conversation = conversation;
  }

  synchronized void tell(Difference difference) throws InterruptedException {
    Difference brief =
        new Difference(
            difference.path(),
            difference.kind(),
            difference.trait(),
            difference.left(),
            brief(difference.source()),
            difference.trait() == Trait.RENAMED ? difference.target() : brief(difference.target()));
    int bytes =
        NUMBERS_BYTES
            + brief.path().length()
            + 3 * (brief.source().length() + brief.target().length());
    while (!batch.isEmpty()
        && (batch.size() == Differences.DIFFERENCES_MAX || batchBytes + bytes > BATCH_BYTES_MAX)) {
      sendOrWait();
    }
    batch.add(brief);
    batchBytes += bytes;
  }

  private static String brief(String text) {
    return text.length() <= TEXT_CHARS_MAX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TEXT_CHARS_MAX / 2)) + "...";
  }

  private void sendOrWait() throws InterruptedException {
    if (over) {
      throw new CancellationException("the pass is over");
    }
    if (outstanding < Differences.OUTSTANDING_MAX) {
      send();
    } else {
      wait();
    }
  }

  private void send() {
    outstanding++;
    conversation.send(new Differences(List.copyOf(batch)));
    batch = new ArrayList<>();
    batchBytes = 0;
  }

  /** Sends what there is, unless the source has enough to take up. */
  synchronized void flush() {
    if (!batch.isEmpty() && outstanding < Differences.OUTSTANDING_MAX && !over) {
      send();
    }
  }

  /** Sends all that there is. */
  synchronized void drain() throws InterruptedException {
    while (!batch.isEmpty()) {
      sendOrWait();
    }
  }

  /** The source has taken up one more message. */
  synchronized void taken() {
    if (outstanding == 0) {
      throw new ProtocolViolation("differences taken that were not sent");
    }
    outstanding--;
    notifyAll();
  }

  /** Nobody listens any more. */
  synchronized void end() {
    over = true;
    notifyAll();
  }
}
