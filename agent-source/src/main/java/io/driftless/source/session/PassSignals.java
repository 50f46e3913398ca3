package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.wire.SessionEnd;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What has happened in a pass, and the wait for more of it. Thread-safe. */
final class PassSignals {
  private @Nullable VolumeOpened opened;
  private @Nullable PassResult result;
  private @Nullable SessionEnd end;
  private @Nullable Throwable failure;
  private @Nullable Proof proof;
  private boolean walkApplied;
  private boolean walkSent;
  private @Nullable Revisit revisit;
  private boolean everythingSent;
  private boolean cancelled;

  synchronized void opened(VolumeOpened message) {
    opened = message;
    change();
  }

  synchronized void begun(Proof given) {
    proof = given;
    change();
  }

  synchronized void walkApplied() {
    walkApplied = true;
    change();
  }

  /** All slices have been offered or listed, but for those that are left for later. */
  synchronized void walkSent() {
    walkSent = true;
    change();
  }

  /** The target comes back to slices; false if it is not its turn. */
  synchronized boolean revisit(Revisit message) {
    if (!walkSent || walkApplied || revisit != null) {
      return false;
    }
    revisit = message;
    change();
    return true;
  }

  /** What the target came back to, once; null once it has applied everything. */
  synchronized @Nullable Revisit awaitRevisit() throws InterruptedException {
    await(() -> walkApplied || revisit != null);
    Revisit message = revisit;
    revisit = null;
    walkSent &= message == null;
    return message;
  }

  synchronized void everythingSent() {
    everythingSent = true;
    change();
  }

  synchronized void result(PassResult message) {
    result = message;
    change();
  }

  synchronized void ended(SessionEnd reason) {
    if (end == null) {
      end = reason;
    }
    change();
  }

  /** A thread of the pass could not go on; the first one counts. */
  synchronized void failed(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    change();
  }

  synchronized void cancel() {
    cancelled = true;
    change();
  }

  /** Something changed that this object does not know about. */
  synchronized void change() {
    notifyAll();
  }

  synchronized @Nullable VolumeOpened opened() {
    return opened;
  }

  synchronized boolean isBegun() {
    return proof != null;
  }

  /** What the target's finding that a slice is equal stands on. */
  synchronized Proof proof() {
    return proof == null ? Proof.DIGEST : proof;
  }

  synchronized boolean isWalkSent() {
    return walkSent;
  }

  synchronized boolean isEverythingSent() {
    return everythingSent;
  }

  synchronized @Nullable PassResult result() {
    return result;
  }

  synchronized @Nullable SessionEnd end() {
    return end;
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Tells whether nothing more is to be waited for. */
  synchronized boolean isOver() {
    return result != null || end != null || failure != null;
  }

  /** Waits until a condition holds, which is looked at after every change. */
  synchronized void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      wait();
    }
  }

  /** As {@link #await(BooleanSupplier)}, for limited time; false if it ran out. */
  synchronized boolean await(BooleanSupplier condition, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
