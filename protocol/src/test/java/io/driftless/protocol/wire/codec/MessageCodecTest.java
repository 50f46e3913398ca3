package io.driftless.protocol.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MessageCodecTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

  @Test
  void random_messages_come_back_as_they_were() {
    long seed = new SplittableRandom().nextLong();
    var messages = new RandomMessages(seed);
    for (int round = 0; round < 2000; round++) {
      Message message = messages.next();
      ByteBuf payload = direct(Samples.frame(message, 1)).skipBytes(FrameHeader.BYTES);
      Message decoded = MessageCodec.decode(MessageType.of(message), payload);
      assertThat(decoded).as("seed %d round %d", seed, round).isEqualTo(message);
      payload.release();
      MessageCodec.release(decoded);
    }
    assertThat(allocator.metric().usedDirectMemory()).as("seed %d", seed).isZero();
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void a_cut_payload_is_corrupt_and_so_is_one_with_more_behind_it(MessageType type) {
    byte[] payload = payloadOf(type);
    // Records take the rest of the frame, so only their length tells that some is missing.
    for (int length = 0; length < payload.length; length++) {
      assertCorruptOrRecords(type, Arrays.copyOf(payload, length));
    }
    assertCorruptOrRecords(type, Arrays.copyOf(payload, payload.length + 1));
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  private void assertCorruptOrRecords(MessageType type, byte[] payload) {
    ByteBuf in = allocator.directBuffer(Math.max(1, payload.length)).writeBytes(payload);
    try {
      Message message = MessageCodec.decode(type, in);
      assertThat(type.carriesRecords()).as("%s of %d bytes", type, payload.length).isTrue();
      MessageCodec.release(message);
    } catch (CorruptedFrameException e) {
      assertThat(e).hasMessageNotContaining("null");
    } finally {
      in.release();
    }
  }

  @Test
  @DisplayName("B10: whatever is flipped, a decoder returns or says corrupt, and allocates little")
  void mutations_never_do_harm() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    var messages = new RandomMessages(seed);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int round = 0; round < 20_000; round++) {
      boolean isSample = round % 2 == 0;
      MessageType type = MessageType.values()[round / 2 % MessageType.values().length];
      Message message = isSample ? Samples.of(type) : messages.next();
      ByteBuf payload =
          mutate(direct(Samples.frame(message, 0)).skipBytes(FrameHeader.BYTES), random);
      int bytes = payload.readableBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        MessageCodec.release(MessageCodec.decode(MessageType.of(message), payload));
      } catch (CorruptedFrameException e) {
        assertThat(e.getMessage()).as("seed %d round %d", seed, round).isNotEmpty();
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("seed %d round %d: %s of %d bytes", seed, round, message.getClass(), bytes)
          .isLessThan(200_000 + 100L * bytes);
      assertThat(payload.release()).as("seed %d round %d", seed, round).isTrue();
    }
    assertThat(allocator.metric().usedDirectMemory()).as("seed %d", seed).isZero();
  }

  private static ByteBuf mutate(ByteBuf payload, SplittableRandom random) {
    if (!payload.isReadable()) {
      return payload;
    }
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      int at = payload.readerIndex() + random.nextInt(payload.readableBytes());
      payload.setByte(at, random.nextBoolean() ? random.nextInt(256) : 0xFF);
    }
    if (random.nextInt(4) == 0) {
      payload.writerIndex(payload.readerIndex() + random.nextInt(payload.readableBytes()));
    }
    return payload;
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  @DisplayName("B10: noise is no message, and allocates little")
  void noise_never_does_harm(MessageType type) {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      byte[] noise = new byte[random.nextInt(1, 200)];
      random.nextBytes(noise);
      assertHarmless(type, noise, "seed " + seed);
    }
  }

  private static void assertHarmless(MessageType type, byte[] payload, String where) {
    ByteBuf in = Unpooled.wrappedBuffer(payload);
    try {
      MessageCodec.release(MessageCodec.decode(type, in));
    } catch (CorruptedFrameException e) {
      assertThat(e.getMessage()).as(where).isNotEmpty();
    }
    assertThat(in.release()).as(where).isTrue();
  }

  @Test
  void an_unchanged_directory_costs_some_thirty_bytes() {
    var offers = new ArrayList<Offer>();
    for (int i = 0; i < 1000; i++) {
      TreePath path = TreePath.of("usr/share/doc/package-%03d".formatted(i));
      offers.add(new Offer(4000 + i, 1_000_000 + i, path, Scope.ALL, 12, new Digest(~i, i), i * i));
    }
    ByteBuf frame = Samples.frame(new Offers(offers), 1);
    assertThat(frame.readableBytes() / 1000.0).isLessThan(36);
  }

  @Test
  void batches_with_very_long_paths_are_split_to_fit() {
    TreePath deep = TreePath.ROOT;
    Name wide = Name.of("x".repeat(255));
    while (deep.length() + 256 < TreePath.MAX_BYTES) {
      deep = deep.resolve(wide);
    }
    var offers = new ArrayList<Offer>();
    for (int i = 1; i <= Offers.OFFERS_MAX; i++) {
      TreePath path = i % 2 == 0 ? deep : TreePath.of("y" + i);
      offers.add(new Offer(i, i, path, Scope.ALL, 0, Digest.EMPTY, 0));
    }
    var whole = new Offers(offers);
    assertThatThrownBy(() -> Samples.frame(whole, 1)).isInstanceOf(IllegalArgumentException.class);

    var seen = new ArrayList<Offer>();
    for (Message part : Batches.fitting(whole)) {
      ByteBuf payload = Samples.frame(part, 1).skipBytes(FrameHeader.BYTES);
      seen.addAll(((Offers) MessageCodec.decode(MessageType.OFFERS, payload)).offers());
    }
    assertThat(seen).isEqualTo(offers);
    assertThat(Batches.fitting(new Staged(1)).toString()).isEqualTo("[" + new Staged(1) + "]");
  }

  @Test
  void what_exceeds_a_limit_is_the_senders_bug_and_leaves_no_trace() {
    List<TreePath> others = Collections.nCopies(257, TreePath.of("x"));
    ByteBuf out = Unpooled.buffer().writeInt(7);
    assertThatThrownBy(
            () -> MessageCodec.encode(new LinkGroup(1, TreePath.of("y"), others), 1, out))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.readableBytes()).isEqualTo(4);
  }

  static byte[] payloadOf(MessageType type) {
    ByteBuf frame = Samples.frame(Samples.of(type), Samples.streamOf(type));
    byte[] payload = new byte[frame.readableBytes() - FrameHeader.BYTES];
    frame.getBytes(FrameHeader.BYTES, payload);
    return payload;
  }

  private ByteBuf direct(ByteBuf heap) {
    return allocator.directBuffer(Math.max(1, heap.readableBytes())).writeBytes(heap);
  }
}
