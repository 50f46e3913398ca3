package io.driftless.protocol.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class LaneReplacementIT {
  private static final int STREAMS = 4;
  private static final int MESSAGES = 3000;
  private static final Duration NEVER = Duration.ofDays(1);

  /** Answers every content with a number, and checks that each affinity keeps its order. */
  private static final class Checking implements SessionListener, ConversationListener {
    private final Map<Integer, Integer> last = new ConcurrentHashMap<>();
    private final CountDownLatch all = new CountDownLatch(STREAMS * MESSAGES);
    private volatile @Nullable Conversation conversation;

    @Override
    public ConversationListener opening(
        AgentSession session, OpenVolume opening, Conversation opened) {
      conversation = opened;
      opened.send(SessionIT.OPENED);
      return this;
    }

    @Override
    public void received(Message message) {
      if (message instanceof Contents contents) {
        ByteBuf bytes = contents.records().bytes();
        int affinity = bytes.readInt();
        int number = bytes.readInt();
        bytes.release();
        Integer before = last.put(affinity, number);
        if (number != (before == null ? 1 : before + 1)) {
          throw new IllegalStateException("%d after %s".formatted(number, before));
        }
        requireNonNull(conversation).send(new Staged(contents.slice()));
        all.countDown();
      }
    }

    @Override
    public void ended(SessionEnd reason) {}
  }

  /** Checks that the answers come in the order of one lane each, none lost and none doubled. */
  private static final class Answers implements ConversationListener {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch all = new CountDownLatch(STREAMS * MESSAGES);
    private final Map<Long, Boolean> slices = new ConcurrentHashMap<>();

    @Override
    public void received(Message message) {
      switch (message) {
        case VolumeOpened _ -> opened.countDown();
        case Staged(long slice) -> {
          if (slices.put(slice, true) != null) {
            throw new IllegalStateException("answered twice: " + slice);
          }
          all.countDown();
        }
        default -> throw new IllegalStateException("what? " + message);
      }
    }

    @Override
    public void ended(SessionEnd reason) {}
  }

  @Test
  void nothing_is_lost_doubled_or_disordered_while_all_lanes_are_replaced() throws Exception {
    exchange(
        replacedAfter(64 * 1024), replacedAfter(64 * 1024), TlsProvider.best(), TlsProvider.best());
  }

  @Test
  void chained_records_come_in_their_order_between_others() throws Exception {
    exchange(
        replacedAfter(64 * 1024),
        replacedAfter(64 * 1024),
        TlsProvider.best(),
        TlsProvider.best(),
        Packing.CHAINED);
  }

  @Test
  void the_side_that_was_dialled_has_lanes_replaced_too() throws Exception {
    exchange(
        replacedAfter(1L << 40), replacedAfter(64 * 1024), TlsProvider.best(), TlsProvider.best());
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void the_providers_mix(TlsProvider source) throws Exception {
    TlsProvider target = source == TlsProvider.JDK ? TlsProvider.BORINGSSL : TlsProvider.JDK;
    exchange(replacedAfter(100 * 1024), replacedAfter(100 * 1024), source, target);
  }

  private static WireSettings replacedAfter(long bytes) {
    return WireSettings.DEFAULT.withLanesReplacedAfter(bytes, NEVER);
  }

  private static void exchange(
      WireSettings ofSource, WireSettings ofTarget, TlsProvider source, TlsProvider target)
      throws Exception {
    exchange(ofSource, ofTarget, source, target, Packing.PLAIN);
  }

  /** Packs every other message as is said. */
  private static void exchange(
      WireSettings ofSource,
      WireSettings ofTarget,
      TlsProvider source,
      TlsProvider target,
      Packing packing)
      throws Exception {
    var checking = new Checking();
    UnaryOperator<Transport.Options> sourceOptions = it -> it.with(ofSource);
    UnaryOperator<Transport.Options> targetOptions = it -> it.with(ofTarget);
    try (var pair = LoopbackPair.listening(checking, sourceOptions, targetOptions, source, target);
        var session = pair.dial(2)) {
      var answers = new Answers();
      Conversation conversation = session.open(SessionIT.WWW, answers);
      assertThat(answers.opened.await(10, TimeUnit.SECONDS)).isTrue();
      send(conversation, packing);
      assertThat(checking.all.await(30, TimeUnit.SECONDS)).as(checking.last.toString()).isTrue();
      assertThat(answers.all.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(session.isOpen()).isTrue();
      awaitIncarnation((LaneSession) session, 1);
      assertThat(session.wireBytes().sent())
          .isGreaterThan((long) STREAMS * MESSAGES * 1000)
          .isLessThan((long) STREAMS * MESSAGES * 1500 + 4_000_000);
    }
  }

  private static void send(Conversation conversation, Packing packing) throws InterruptedException {
    List<Thread> senders = new ArrayList<>();
    for (int affinity = 1; affinity <= STREAMS; affinity++) {
      int own = affinity;
      senders.add(Thread.ofVirtual().start(() -> sendAll(conversation, own, packing)));
    }
    for (Thread sender : senders) {
      sender.join();
    }
  }

  private static void sendAll(Conversation conversation, int affinity, Packing packing) {
    byte[] noise = new byte[1000];
    var random = new Random(affinity);
    try {
      for (int number = 1; number <= MESSAGES; number++) {
        random.nextBytes(noise);
        ByteBuf bytes =
            conversation
                .allocator()
                .directBuffer()
                .writeInt(affinity)
                .writeInt(number)
                .writeBytes(noise);
        long slice = (long) affinity * MESSAGES + number;
        var packed =
            new Packed(
                number % 2 == 0 ? packing : Packing.PLAIN,
                bytes.readableBytes(),
                Packer.checksum(bytes),
                bytes);
        conversation.sendContent(new Contents(slice, packed), affinity);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void an_idle_connection_is_replaced_when_it_is_old() throws Exception {
    var settings =
        WireSettings.DEFAULT
            .withPulse(Duration.ofMillis(50), Duration.ofSeconds(30))
            .withLanesReplacedAfter(1L << 40, Duration.ofMillis(300));
    try (var pair = LoopbackPair.listening(new Target(), it -> it.with(settings));
        var session = pair.dial(1)) {
      awaitIncarnation((LaneSession) session, 2);
      assertThat(session.isOpen()).isTrue();
    }
  }

  private static void awaitIncarnation(LaneSession session, int least) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> session.lanes().stream().allMatch(lane -> lane.incarnation() >= least));
  }
}
