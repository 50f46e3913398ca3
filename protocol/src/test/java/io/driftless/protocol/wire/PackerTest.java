package io.driftless.protocol.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class PackerTest {
  private static final double SLOW = 1e6;
  private static final double MIDDLING = 250e6;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private double wire = SLOW;
  private final Packer packer = new Packer(allocator, () -> wire);

  @AfterEach
  void close() {
    packer.close();
  }

  @Test
  void text_shrinks_on_a_slow_wire_and_comes_back_as_it_was() {
    ByteBuf text = text(100_000);
    ByteBuf copy = text.copy();
    Packed packed = packer.packAlone(packer.pack(text));
    assertThat(packed.packing()).isEqualTo(Packing.ZSTD);
    assertThat(packed.bytes().readableBytes()).isLessThan(50_000);
    assertThat(text.refCnt()).isZero();
    assertRestored(packed, copy);
  }

  @Test
  void what_a_slow_wire_gets_is_left_to_its_lane() {
    ByteBuf text = text(100_000);
    Packed chained = packer.pack(text);
    assertThat(chained.packing()).isEqualTo(Packing.CHAINED);
    assertThat(chained.bytes()).isSameAs(text);
    assertThat(chained.checksum()).isEqualTo(Packer.checksum(text));
    assertRefused(chained);
  }

  @Test
  void what_might_not_fit_if_it_were_dense_is_not_left_to_a_lane() {
    ByteBuf text = text(ContentMessage.RECORDS_BYTES_MAX);
    ByteBuf copy = text.copy();
    Packed packed = packer.pack(text);
    assertThat(packed.packing()).isEqualTo(Packing.ZSTD);
    assertRestored(packed, copy);
  }

  @Test
  void no_library_that_was_unpacked_stays_behind() throws IOException {
    try (var mappings = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(mappings.filter(line -> line.contains("/liblz4-java-")))
          .isNotEmpty()
          .allMatch(line -> line.endsWith(" (deleted)"));
    }
  }

  @Test
  void lz4_comes_back_as_it_was() {
    byte[] plain = new byte[50_000];
    text(plain.length).readBytes(plain).release();
    byte[] packed = LZ4Factory.fastestInstance().fastCompressor().compress(plain);
    ByteBuf copy = allocator.directBuffer().writeBytes(plain);
    var message =
        new Packed(
            Packing.LZ4,
            plain.length,
            Packer.checksum(Unpooled.wrappedBuffer(plain)),
            allocator.directBuffer().writeBytes(packed));
    assertRestored(message, copy);
  }

  @Test
  void what_does_not_shrink_is_left_as_it_is() {
    ByteBuf noise = noise(100_000);
    Packed packed = packer.pack(noise);
    assertThat(packed.packing()).isEqualTo(Packing.PLAIN);
    assertThat(packed.bytes()).isSameAs(noise);
    packed.bytes().release();
  }

  @Test
  void a_fast_wire_gets_everything_plain() {
    wire = Double.POSITIVE_INFINITY;
    ByteBuf text = text(100_000);
    Packed packed = packer.pack(text);
    assertThat(packed.bytes()).isSameAs(text);
    packed.bytes().release();
  }

  @Test
  void many_sizes_survive_at_every_speed() {
    var random = new Random(11);
    for (double speed : new double[] {SLOW, MIDDLING, 5e9}) {
      wire = speed;
      for (int i = 0; i < 60; i++) {
        ByteBuf plain = random.nextBoolean() ? text(random.nextInt(300_000)) : noise(i * 1000);
        ByteBuf copy = plain.copy();
        Packed packed = packer.pack(plain);
        assertRestored(packed.isChained() ? packer.packAlone(packed) : packed, copy);
      }
    }
  }

  @Test
  @DisplayName("B11: what unpacks to more than was said is refused, and so is less")
  void a_bomb_is_refused() {
    byte[] zeros = new byte[4 << 20];
    byte[] bomb = Zstd.compress(zeros, 3);
    for (int claimed : new int[] {1, 1000, ContentMessage.RECORDS_BYTES_MAX}) {
      assertRefused(Packing.ZSTD, claimed, bomb);
      assertRefused(
          Packing.LZ4, claimed, LZ4Factory.fastestInstance().fastCompressor().compress(zeros));
    }
    assertRefused(Packing.ZSTD, ContentMessage.RECORDS_BYTES_MAX + 1, bomb);
    assertRefused(Packing.ZSTD, 1001, Zstd.compress(new byte[1000], 3));
    assertRefused(
        Packing.ZSTD, 1000, Zstd.compress(new byte[1000], 3)); // the checksum is not theirs
    assertRefused(Packing.PLAIN, 3, new byte[3]);
  }

  @Test
  void any_change_of_a_byte_is_refused() {
    var random = new Random(5);
    for (int i = 0; i < 300; i++) {
      byte[] plain = new byte[2000];
      text(plain.length).readBytes(plain).release();
      byte[] packed =
          i % 2 == 0
              ? Zstd.compress(plain, 1)
              : LZ4Factory.fastestInstance().fastCompressor().compress(plain);
      packed[random.nextInt(packed.length)] ^= (byte) (1 + random.nextInt(255));
      ByteBuf bytes = allocator.directBuffer().writeBytes(packed);
      var message =
          new Packed(
              i % 2 == 0 ? Packing.ZSTD : Packing.LZ4,
              plain.length,
              Packer.checksum(Unpooled.wrappedBuffer(plain)),
              bytes);
      try {
        ByteBuf unpacked = packer.unpack(message);
        byte[] got = new byte[unpacked.readableBytes()];
        unpacked.readBytes(got).release();
        assertThat(got).as("a change that means nothing").isEqualTo(plain);
      } catch (CorruptedFrameException e) {
        assertThat(bytes.refCnt()).isZero();
      }
    }
  }

  private void assertRefused(Packing packing, int claimed, byte[] packed) {
    ByteBuf bytes = allocator.directBuffer().writeBytes(packed);
    assertThatThrownBy(() -> packer.unpack(new Packed(packing, claimed, 1, bytes)))
        .as("%s claiming %d", packing, claimed)
        .isInstanceOf(CorruptedFrameException.class);
    assertThat(bytes.refCnt()).isZero();
  }

  /** Only the lane knows what came before it. */
  private void assertRefused(Packed chained) {
    assertThatThrownBy(() -> packer.unpack(chained)).isInstanceOf(IllegalArgumentException.class);
    assertThat(chained.bytes().refCnt()).isZero();
  }

  private void assertRestored(Packed packed, ByteBuf expected) {
    ByteBuf plain = packer.unpack(packed);
    assertThat(plain).isEqualTo(expected);
    plain.release();
    expected.release();
  }

  private static ByteBuf text(int bytes) {
    return text(new Random(bytes), bytes);
  }

  /** Words that come again and again. */
  static ByteBuf text(Random random, int bytes) {
    ByteBuf text = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, bytes));
    while (text.readableBytes() < bytes) {
      byte[] word = ("word" + random.nextInt(500) + " ").getBytes(US_ASCII);
      text.writeBytes(word, 0, Math.min(word.length, bytes - text.readableBytes()));
    }
    return text;
  }

  private ByteBuf noise(int bytes) {
    return allocator.directBuffer(Math.max(1, bytes)).writeBytes(dense(bytes));
  }

  /** What doesn't become any smaller. */
  static byte[] dense(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);
    return noise;
  }
}
