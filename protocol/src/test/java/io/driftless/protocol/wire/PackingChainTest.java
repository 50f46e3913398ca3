package io.driftless.protocol.wire;

import static io.driftless.protocol.wire.PackerTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.EndOfChain;
import io.driftless.protocol.wire.PackingPolicy.Codec;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Both ends of a lane's chain. What takes time is run when the test says so. */
final class PackingChainTest {
  private static final int STREAM = 3;
  private static final int OTHER_STREAM = 4;
  private static final int BUNDLE = 100_000;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final PackingPolicy policy = new PackingPolicy(1, 1);
  private final Packer packer = new Packer(allocator, () -> 1e6);
  private final PackingChain packing = new PackingChain(allocator, policy);
  private final UnreadBytes unread = new UnreadBytes();
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final List<Message> passed = new ArrayList<>();
  private final List<Integer> streams = new ArrayList<>();
  private @Nullable Throwable broken;

  private final UnpackingChain unpacking =
      new UnpackingChain(
          true,
          unread,
          packer,
          new UnpackingChain.Sink() {
            @Override
            public void passed(int stream, Message message) {
              streams.add(stream);
              passed.add(message);
            }

            @Override
            public void broken(Throwable reason) {
              broken = reason;
            }
          },
          work::add);

  @AfterEach
  void nothing_is_left() {
    packing.close();
    unpacking.close();
    packer.close();
    passed.forEach(MessageCodec::release);
    assertThat(unread.bytes()).isZero();
  }

  @Test
  void what_was_packed_comes_back_in_its_order() {
    var random = new Random(7);
    var sent = new ArrayList<ByteBuf>();
    for (int i = 0; i < 40; i++) {
      int bytes = 1 + random.nextInt(2 * BUNDLE);
      ByteBuf plain = i % 5 == 0 ? noise(random, bytes) : text(random, bytes);
      sent.add(plain.copy());
      unpacking.take(i % 3, contents(i, packed(plain)));
    }
    runAll();
    assertThat(broken).isNull();
    assertThat(passed).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      Packed records = ((Contents) passed.get(i)).records();
      assertThat(streams.get(i)).isEqualTo(i % 3);
      assertThat(records.packing()).isEqualTo(Packing.PLAIN);
      assertThat(records.bytes()).isEqualTo(sent.get(i));
      assertThat(records.checksum()).isEqualTo(Packer.checksum(sent.get(i)));
      sent.get(i).release();
    }
  }

  @Test
  void what_comes_again_costs_next_to_nothing() {
    ByteBuf noise = noise(new Random(1), BUNDLE);
    Packed first = packed(noise.copy());
    Packed second = packed(noise.copy());
    noise.release();
    assertThat(first.packing()).isEqualTo(Packing.CHAIN_START);
    assertThat(first.bytes().readableBytes()).isGreaterThan(BUNDLE);
    assertThat(second.packing()).isEqualTo(Packing.CHAINED);
    assertThat(second.bytes().readableBytes()).isLessThan(1000);
    first.bytes().release();
    second.bytes().release();
  }

  @Test
  void what_follows_on_something_chained_is_not_passed_on_before_it() {
    unpacking.take(STREAM, new Want(1, List.of()));
    assertThat(passed).hasSize(1); // there is nothing to wait for

    unpacking.take(STREAM, contents(2, packed(text(new Random(2), BUNDLE))));
    unpacking.take(OTHER_STREAM, new Want(3, List.of()));
    assertThat(passed).hasSize(1);

    runAll();
    assertThat(passed).hasSize(3);
    assertThat(passed.get(1)).isInstanceOf(Contents.class);
    assertThat(passed.get(2)).isEqualTo(new Want(3, List.of()));
  }

  @Test
  void a_chain_begins_anew_after_something_was_not_sent() {
    roundTrip();
    Packed records = planned(text(new Random(3), BUNDLE));
    assertThatThrownBy(() ->
            packing.pack(
                records,
                packed -> {
                  packed.bytes().release();
                  throw new IllegalStateException("not sent");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(roundTrip()).isEqualTo(Packing.CHAIN_START);
    assertThat(roundTrip()).isEqualTo(Packing.CHAINED);
  }

  @Test
  void a_chain_begins_anew_with_another_level_but_not_at_once() {
    assertThat(roundTrip()).isEqualTo(Packing.CHAIN_START);
    for (int i = 0; i < 40; i++) {
      policy.packed(Codec.CHAIN_7, 1 << 20, 1 << 18, 500_000_000);
      policy.choose(12e6);
    }
    assertThat(policy.chained()).isEqualTo(Codec.CHAIN_3);
    int bundles = 0;
    while (roundTrip() != Packing.CHAIN_START && bundles < 1000) {
      bundles++;
    }
    assertThat(bundles).isBetween(70, 100);
  }

  @Test
  void what_comes_after_the_end_goes_as_it_is() {
    roundTrip();
    packing.close();
    ByteBuf plain = text(new Random(4), BUNDLE);
    Packed packed = packed(plain);
    assertThat(packed.packing()).isEqualTo(Packing.PLAIN);
    assertThat(packed.bytes()).isSameAs(plain);
    plain.release();
  }

  @Test
  void what_waits_is_dropped_at_the_end() {
    Packed first = packed(text(new Random(5), BUNDLE));
    Packed second = packed(text(new Random(6), BUNDLE));
    unpacking.take(STREAM, contents(1, first));
    unpacking.close();
    unpacking.take(STREAM, contents(2, second));
    runAll();
    assertThat(passed).isEmpty();
    assertThat(first.bytes().refCnt()).isZero();
    assertThat(second.bytes().refCnt()).isZero();
  }

  @Test
  @DisplayName("B11: a chain that has no beginning is refused")
  void a_chain_without_a_beginning_is_refused() {
    packed(text(new Random(8), BUNDLE)).bytes().release();
    assertRefused(packed(text(new Random(9), BUNDLE)));
  }

  @Test
  @DisplayName("B11: what unpacks to more than was said is refused, and so is less")
  void another_size_is_refused() {
    for (int claimed : new int[] {1, 1000, BUNDLE - 1, BUNDLE + 1, 1 << 20}) {
      var other = new PackingChainTest();
      Packed packed = other.packed(text(new Random(claimed), BUNDLE));
      other.assertRefused(new Packed(packed.packing(), claimed, packed.checksum(), packed.bytes()));
      other.nothing_is_left();
    }
  }

  @Test
  @DisplayName("B11: a window that takes more memory than a chain has is refused")
  void a_large_window_is_refused() {
    try (var context = new ZstdCompressCtx()) {
      context.setLevel(3).setWindowLog(PackingChain.WINDOW_LOG + 1);
      ByteBuf plain = text(new Random(10), BUNDLE);
      ByteBuf packed = allocator.directBuffer(2 * BUNDLE);
      ByteBuffer into = packed.nioBuffer(0, 2 * BUNDLE);
      context.compressDirectByteBufferStream(into, plain.nioBuffer(), EndDirective.FLUSH);
      packed.writerIndex(into.position());
      plain.release();
      assertRefused(new Packed(Packing.CHAIN_START, BUNDLE, 0, packed));
    }
  }

  @Test
  @DisplayName("B11: a few bytes don't fill the memory")
  void what_nobody_reads_is_packed_again() {
    ByteBuf zeros = allocator.directBuffer().writeZero(1 << 20);
    for (int i = 0; i < 100; i++) {
      unpacking.take(STREAM, contents(i, trimmed(packed(zeros.copy()))));
    }
    runAll();
    assertThat(passed).hasSize(100);
    assertThat(unread.bytes()).isBetween(16L << 20, 17L << 20);
    for (Message message : passed) {
      ByteBuf plain = packer.unpack(((Contents) message).records());
      assertThat(plain).isEqualTo(zeros);
      plain.release();
    }
    passed.clear();
    zeros.release();
  }

  @Test
  @DisplayName("B11: nor do those that stand for what can't be packed")
  void what_nobody_reads_is_limited() {
    ByteBuf noise = noise(new Random(14), 1 << 20);
    for (int i = 0; i < 100; i++) {
      unpacking.take(STREAM, contents(i, trimmed(packed(noise.copy()))));
    }
    noise.release();
    runAll();
    assertThat(passed).hasSize(64);
    assertThat(unread.bytes()).isEqualTo(UnreadBytes.BYTES_MAX);

    passed.subList(0, 10).forEach(MessageCodec::release);
    runAll();
    assertThat(passed).hasSize(74);

    passed.subList(10, 74).forEach(MessageCodec::release);
    runAll();
    assertThat(passed).hasSize(100);
    passed.subList(74, 100).forEach(MessageCodec::release);
    passed.clear();
    assertThat(broken).isNull();
  }

  @Test
  void what_waits_for_room_is_dropped_at_the_end() {
    ByteBuf all = unread.buffer((int) UnreadBytes.BYTES_MAX);
    Packed packed = packed(text(new Random(13), BUNDLE));
    unpacking.take(STREAM, contents(1, packed));
    unpacking.take(STREAM, new Want(2, List.of()));
    runAll();
    assertThat(passed).isEmpty();

    unpacking.close();
    all.release();
    runAll();
    assertThat(passed).isEmpty();
    assertThat(packed.bytes().refCnt()).isZero();
  }

  @Test
  @DisplayName("B11: what waits has a limit")
  void what_waits_is_limited() {
    ByteBuf bytes = allocator.directBuffer(2 << 20).writeZero(2 << 20);
    unpacking.take(STREAM, contents(0, packed(text(new Random(15), BUNDLE))));
    assertThatThrownBy(
            () -> {
              for (int i = 1; i < 100; i++) {
                var plain = new Packed(Packing.PLAIN, 2 << 20, 0, bytes.retainedDuplicate());
                unpacking.take(STREAM, contents(i, plain));
              }
            })
        .isInstanceOf(CorruptedFrameException.class);
    unpacking.close();
    runAll();
    assertThat(bytes.refCnt()).isEqualTo(1);
    bytes.release();
  }

  @Test
  void both_ends_let_go_after_a_while_and_begin_anew() {
    roundTrip();
    unpacking.take(0, new EndOfChain());
    runAll();
    assertThat(passed).isEmpty();
    assertRefused(packed(text(new Random(16), BUNDLE)));
  }

  @Test
  @DisplayName("B11: changed bytes are refused or mean nothing")
  void any_change_of_a_byte_is_refused_or_means_nothing() {
    var random = new Random(11);
    for (int i = 0; i < 200; i++) {
      var other = new PackingChainTest();
      ByteBuf plain = text(random, 3000);
      ByteBuf copy = plain.copy();
      Packed packed = other.packed(plain);
      int at = random.nextInt(packed.bytes().readableBytes());
      packed.bytes().setByte(at, packed.bytes().getByte(at) ^ 1 + random.nextInt(255));
      other.unpacking.take(STREAM, contents(1, packed));
      other.runAll();
      if (other.broken == null) {
        assertThat(((Contents) other.passed.getFirst()).records().bytes()).isEqualTo(copy);
      }
      copy.release();
      other.nothing_is_left();
    }
  }

  private void assertRefused(Packed packed) {
    broken = null;
    unpacking.take(STREAM, contents(1, packed));
    runAll();
    assertThat(broken).isInstanceOf(CorruptedFrameException.class);
    assertThat(packed.bytes().refCnt()).isZero();
  }

  /** Sends something and has it arrive; tells how it went. */
  private Packing roundTrip() {
    Packed packed = packed(text(new Random(12), BUNDLE));
    Packing packing = packed.packing();
    unpacking.take(STREAM, contents(1, packed));
    runAll();
    assertThat(broken).isNull();
    passed.forEach(MessageCodec::release);
    passed.clear();
    return packing;
  }

  private void runAll() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private Packed packed(ByteBuf plain) {
    return packed(packing, plain);
  }

  private static Packed packed(PackingChain chain, ByteBuf plain) {
    var packed = new ArrayList<Packed>();
    chain.pack(planned(plain), packed::add);
    return packed.getFirst();
  }

  /** The same in no larger a buffer than it needs. */
  private static Packed trimmed(Packed packed) {
    ByteBuf bytes = packed.bytes().copy();
    packed.bytes().release();
    return new Packed(packed.packing(), packed.plainBytes(), packed.checksum(), bytes);
  }

  private static Packed planned(ByteBuf plain) {
    return new Packed(Packing.CHAINED, plain.readableBytes(), Packer.checksum(plain), plain);
  }

  private static ContentMessage contents(int slice, Packed records) {
    return new Contents(slice, records);
  }

  private ByteBuf noise(Random random, int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return allocator.directBuffer(bytes).writeBytes(noise);
  }
}
