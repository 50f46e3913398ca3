package io.driftless.protocol.wire;

import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A target that lets every volume be opened, for tests. */
final class Target implements SessionListener {
  private static final long PATIENCE_SECONDS = 20;

  /** A volume as the target sees it. */
  record Opened(
      AgentSession session, OpenVolume opening, Conversation conversation, Recorder heard) {}

  private final BlockingQueue<Opened> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<SessionEnd> ended = new LinkedBlockingQueue<>();
  private final List<String> clones = new CopyOnWriteArrayList<>();
  private final BiConsumer<Conversation, Message> onMessage;

  Target() {
    this((_, _) -> {});
  }

  Target(BiConsumer<Conversation, Message> onMessage) {
    this.onMessage = onMessage;
  }

  @Override
  public ConversationListener opening(
      AgentSession session, OpenVolume opening, Conversation conversation) {
    var heard = new Recorder(message -> onMessage.accept(conversation, message));
    opened.add(new Opened(session, opening, conversation, heard));
    return heard;
  }

  @Override
  public void ended(AgentSession session, SessionEnd reason) {
    ended.add(reason);
  }

  @Override
  public void cloned(PeerIdentity peer, String address) {
    clones.add(address);
  }

  /** Where clones came from that were sent away. */
  List<String> clones() {
    return List.copyOf(clones);
  }

  Opened nextOpened() throws InterruptedException {
    Opened next = opened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no volume was opened");
    }
    return next;
  }

  /** The end of a session, if one comes within so many milliseconds. */
  Optional<SessionEnd> nextOrNoEnd(int millis) throws InterruptedException {
    return Optional.ofNullable(ended.poll(millis, TimeUnit.MILLISECONDS));
  }

  SessionEnd nextEnd() throws InterruptedException {
    SessionEnd next = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no session ended");
    }
    return next;
  }
}
