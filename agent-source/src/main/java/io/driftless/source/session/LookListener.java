package io.driftless.source.session;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.VolumeMessage.Blocked;
import io.driftless.protocol.message.VolumeMessage.CloseVolume;
import io.driftless.protocol.message.VolumeMessage.Unblocked;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.source.send.ViolationException;
import io.driftless.source.session.PassReport.Failure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hears what the target says to a look, without ever blocking. Thread-safe. */
final class LookListener implements ConversationListener {
  private @Nullable VolumeOpened opened;
  private @Nullable Looked looked;
  private @Nullable SessionEnd end;

  @Override
  public synchronized void received(Message message) {
    switch (message) {
      case VolumeOpened first when opened == null -> opened = first;
      case Looked answer when opened != null && looked == null -> looked = answer;
      case CloseVolume close ->
          end = new SessionEnd(SessionEnd.Cause.PEER, close.slug(), close.message(), close.hint());
      case Blocked _, Unblocked _ -> {}
      default -> {
        if (message instanceof ContentMessage content) {
          content.release();
        }
        throw new ViolationException(
            "the target sends %s to a look at one entry"
                .formatted(message.getClass().getSimpleName()));
      }
    }
    notifyAll();
  }

  @Override
  public synchronized void ended(SessionEnd reason) {
    if (end == null) {
      end = reason;
    }
    notifyAll();
  }

  /** Waits until the volume is open; the seed of its hashes, or empty if it was refused. */
  synchronized Optional<Long> awaitOpened() throws InterruptedException {
    while (opened == null && end == null) {
      wait();
    }
    return opened == null || end != null ? Optional.empty() : Optional.of(opened.seed());
  }

  /** Waits for the answer; empty if there won't be one. */
  synchronized Optional<Looked> awaitLooked() throws InterruptedException {
    while (looked == null && end == null) {
      wait();
    }
    return Optional.ofNullable(looked);
  }

  /** Why there is none. */
  synchronized Failure failure() {
    SessionEnd why = end;
    return why == null
        ? new Failure("disconnected", "the target does not answer", "ask again")
        : new Failure(why.slug(), why.message(), why.hint());
  }
}
