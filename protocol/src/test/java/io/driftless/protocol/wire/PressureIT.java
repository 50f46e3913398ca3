package io.driftless.protocol.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Notices;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("B14: peers that don't read, wires that are slow")
final class PressureIT {
  private static final int MESSAGE_BYTES = 128 * 1024;
  private static final int BUDGET_BYTES = 512 * 1024;

  @Test
  void a_peer_that_does_not_read_makes_the_sender_wait_and_no_more() throws Exception {
    var target = new Target((_, message) -> MessageCodec.release(message));
    try (var pair = LoopbackPair.listening(target, it -> it.withQueuedContent(BUDGET_BYTES));
        var relay = Relay.to(pair.address().port())) {
      AgentSession session = pair.dialer().dial(List.of(relay.address()), 2);
      Conversation conversation = open(session, target);
      relay.freeze();
      var sent = new AtomicInteger();
      CompletableFuture<Throwable> stopped = sendUntilRefused(conversation, sent);
      // The kernel's socket buffers take some; after that, the budget is all there is.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              pair.sourceTransport().budget().takenBytes() > BUDGET_BYTES - MESSAGE_BYTES - 1000);
      long taken = pair.sourceTransport().budget().takenBytes();
      assertThat(taken).isLessThanOrEqualTo(BUDGET_BYTES);
      assertThat(stopped).isNotDone();

      session.close();
      assertThat(stopped.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      await().until(() -> pair.sourceTransport().budget().takenBytes() == 0);
    }
  }

  @Test
  void a_peer_that_does_not_read_its_control_lane_is_given_up() throws Exception {
    var settings = WireSettings.DEFAULT.withControlQueue(1 << 20);
    var target = new Target();
    try (var pair = LoopbackPair.listening(target, it -> it.with(settings));
        var relay = Relay.to(pair.address().port())) {
      AgentSession session = pair.dialer().dial(List.of(relay.address()), 1);
      Conversation conversation = open(session, target);
      relay.freeze();
      var notices = new Notices(List.of(new Notice("much", "x".repeat(4000))));
      for (int i = 0; i < 20_000 && session.isOpen(); i++) {
        conversation.send(notices);
      }
      assertThat(session.awaitEnd().slug()).isEqualTo("peer-too-slow");
      assertThat(session.awaitEnd().cause()).isEqualTo(Cause.BROKEN);
    }
  }

  @Test
  void a_slow_wire_makes_the_lanes_compress() throws Exception {
    byte[] text = text();
    var wrong = new AtomicInteger();
    var right = new AtomicInteger();
    var target =
        new Target((conversation, message) -> {
          if (message instanceof Contents(_, Packed records)) {
            ByteBuf plain = conversation.unpack(records);
            (plain.equals(Unpooled.wrappedBuffer(text)) ? right : wrong).incrementAndGet();
            plain.release();
          }
        });
    try (var pair = LoopbackPair.listening(target, it -> it.withQueuedContent(BUDGET_BYTES));
        var relay = Relay.to(pair.address().port())) {
      AgentSession session = pair.dialer().dial(List.of(relay.address()), 2);
      Conversation conversation = open(session, target);
      relay.slowDown(2_000_000);
      int chained = 0;
      int sent = 0;
      while (sent < 600 && chained < 200) {
        ByteBuf plain = conversation.allocator().directBuffer(text.length).writeBytes(text);
        Packed packed = conversation.pack(plain);
        chained += packed.isChained() ? 1 : 0;
        sent++;
        conversation.sendContent(new Contents(sent, packed), 0);
      }
      int all = sent;
      assertThat(chained).isEqualTo(200);
      await().atMost(Duration.ofSeconds(30)).until(() -> right.get() + wrong.get() == all);
      assertThat(wrong).hasValue(0);
      // Each for itself, they would take 10 KB and more.
      assertThat(session.wireBytes().sent()).isLessThan((all - chained) * 128_000L + 400_000);
      session.close();
    }
  }

  private static Conversation open(AgentSession session, Target target) throws Exception {
    var source = new Recorder();
    Conversation conversation = session.open(SessionIT.WWW, source);
    target.nextOpened().conversation().send(SessionIT.OPENED);
    source.next(VolumeOpened.class);
    return conversation;
  }

  private static CompletableFuture<Throwable> sendUntilRefused(
      Conversation conversation, AtomicInteger sent) {
    var stopped = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              conversation.sendContent(
                  new Contents(sent.incrementAndGet(), zeros(conversation)), 0);
            }
          } catch (IOException | InterruptedException e) {
            stopped.complete(e);
          }
        });
    return stopped;
  }

  private static Packed zeros(Conversation conversation) {
    ByteBuf zeros = conversation.allocator().directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES);
    return new Packed(Packing.PLAIN, MESSAGE_BYTES, 0, zeros);
  }

  private static byte[] text() {
    var text = new StringBuilder();
    for (int i = 0; text.length() < MESSAGE_BYTES; i++) {
      text.append("line ").append(i * 7919).append('\n');
    }
    return text.toString().getBytes(US_ASCII);
  }
}
