package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates over real sockets. Tolerances are for busy machines; {@code perf} measures closely. */
@Timeout(60)
final class WirePaceIT {
  private static final int MESSAGE_BYTES = 128 * 1024;
  private static final double TOLERANCE = 0.1;

  private final Target target = new Target((_, message) -> MessageCodec.release(message));
  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<Thread> senders = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    stop.set(true);
    for (Thread sender : senders) {
      sender.interrupt();
      sender.join();
    }
  }

  private static Limit megabits(double rate) {
    return new Limit(Math.round(rate * 1e6 / 8));
  }

  /** Sends without end from a thread of its own. */
  private void send(Conversation conversation) {
    senders.add(
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int i = 1; !stop.get(); i++) {
                  ByteBuf zeros = conversation.allocator().directBuffer(MESSAGE_BYTES);
                  zeros.writeZero(MESSAGE_BYTES);
                  conversation.sendContent(
                      new Contents(i, new Packed(Packing.PLAIN, MESSAGE_BYTES, 0, zeros)), 0);
                }
              } catch (IOException | InterruptedException e) {
                // It is over.
              }
            }));
  }

  private Conversation open(AgentSession session) throws Exception {
    var source = new Recorder();
    Conversation conversation = session.open(SessionIT.WWW, source);
    target.nextOpened().conversation().send(SessionIT.OPENED);
    source.next(VolumeOpened.class);
    return conversation;
  }

  /** Bytes a second that go out during a time. */
  private static double rate(Session session, Duration during) {
    long before = session.wireBytes().sent();
    long begun = System.nanoTime();
    LockSupport.parkNanos(during.toNanos());
    long sent = session.wireBytes().sent() - before;
    return sent * 1e9 / (System.nanoTime() - begun);
  }

  private static void assertRate(double measured, Limit limit) {
    assertThat(measured / limit.perSecond()).isBetween(1 - TOLERANCE, 1 + TOLERANCE / 2);
  }

  @ParameterizedTest(name = "C73, C77: {0} Mbit/s over {1} lanes")
  @CsvSource({"1, 8", "100, 1"})
  void all_lanes_together_keep_to_the_limit(double rate, int lanes) throws Exception {
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(lanes)) {
      pair.sourceTransport().pace().limitTo(megabits(rate));
      Conversation conversation = open(session);
      send(conversation);
      send(conversation);
      rate(session, Duration.ofMillis(700));
      for (int second = 0; second < 2; second++) {
        assertRate(rate(session, Duration.ofSeconds(1)), megabits(rate));
      }
    }
  }

  @Test
  @DisplayName("C74, C76: ten changes during a transfer, each effective within a second")
  void changes_take_effect_at_once() throws Exception {
    var random = new SplittableRandom(74);
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(2)) {
      WirePace pace = pair.sourceTransport().pace();
      send(open(session));
      for (int change = 0; change < 10; change++) {
        Limit limit =
            switch (change) {
              case 3 -> Limit.NOTHING;
              case 6 -> Limit.UNLIMITED;
              default -> megabits(random.nextInt(2, 200));
            };
        pace.limitTo(limit);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        double measured = rate(session, Duration.ofMillis(300));
        if (limit.isUnlimited()) {
          assertThat(measured).isGreaterThan(megabits(400).perSecond());
        } else if (limit.perSecond() == 0) {
          assertThat(measured).isLessThan(2_000);
        } else {
          assertThat(measured / limit.perSecond()).as("change %d", change).isBetween(0.8, 1.15);
        }
      }
    }
  }

  @Test
  @DisplayName("C76, C78: at 0 content stands still, and signs of life pass")
  void what_stands_still_is_alive() throws Exception {
    var pulse = WireSettings.DEFAULT.withPulse(Duration.ofMillis(100), Duration.ofMillis(500));
    try (var pair = LoopbackPair.listening(target, options -> options.with(pulse));
        var session = pair.dial(2)) {
      WirePace pace = pair.sourceTransport().pace();
      Conversation conversation = open(session);
      pace.limitTo(Limit.NOTHING);
      send(conversation);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      long before = session.wireBytes().sent();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1500));
      assertThat(session.isOpen()).isTrue();
      assertThat(session.wireBytes().sent() - before).isBetween(100L, (long) MESSAGE_BYTES / 4);
      pace.limitTo(megabits(80));
      assertThat(rate(session, Duration.ofMillis(500))).isGreaterThan(megabits(40).perSecond());
    }
  }

  @Test
  @DisplayName("C74: the peer keeps to what it is granted, and both together to the limit")
  void both_directions_share_one_limit() throws Exception {
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(2)) {
      Limit limit = megabits(40);
      pair.sourceTransport().pace().limitTo(limit);
      var source = new Recorder(MessageCodec::release);
      Conversation there = session.open(SessionIT.WWW, source);
      Target.Opened opened = target.nextOpened();
      opened.conversation().send(SessionIT.OPENED);
      source.next(VolumeOpened.class);
      send(opened.conversation());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(700));
      long before = session.wireBytes().received();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      assertRate(session.wireBytes().received() - before, limit);

      send(there);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      long receivedBefore = session.wireBytes().received();
      long sentBefore = session.wireBytes().sent();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      double received = session.wireBytes().received() - receivedBefore;
      double sent = session.wireBytes().sent() - sentBefore;
      assertRate(received + sent, limit);
      assertThat(sent / received).isBetween(0.6, 1.6);
    }
  }
}
