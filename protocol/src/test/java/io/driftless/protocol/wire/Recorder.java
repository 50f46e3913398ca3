package io.driftless.protocol.wire;

import io.driftless.protocol.message.Message;
import io.driftless.protocol.wire.codec.MessageCodec;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keeps what a conversation hears, in order, for a test to look at. */
final class Recorder implements ConversationListener {
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<SessionEnd> end = new CompletableFuture<>();
  private final Consumer<Message> also;

  Recorder() {
    this(_ -> {});
  }

  /** Calls somebody with each message before it is kept. */
  Recorder(Consumer<Message> also) {
    this.also = also;
  }

  @Override
  public void received(Message message) {
    if (end.isDone()) {
      MessageCodec.release(message);
      throw new AssertionError("a message after the end");
    }
    also.accept(message);
    messages.add(message);
  }

  @Override
  public void ended(SessionEnd reason) {
    if (!end.complete(reason)) {
      throw new AssertionError("it ended twice");
    }
  }

  <M extends Message> M next(Class<M> type) throws InterruptedException {
    Message message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!type.isInstance(message)) {
      throw new AssertionError("expected a %s, not %s".formatted(type.getSimpleName(), message));
    }
    return type.cast(message);
  }

  SessionEnd awaitEnd() throws Exception {
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  boolean isEnded() {
    return end.isDone();
  }
}
