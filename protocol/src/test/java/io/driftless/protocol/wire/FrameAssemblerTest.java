package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.driftless.protocol.wire.codec.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class FrameAssemblerTest implements FrameAssembler.Sink {
  private static final int RECORDS = 300_000;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final FrameAssembler assembler = new FrameAssembler(allocator, this);
  private final List<Message> received = new ArrayList<>();
  private int holdAfter = Integer.MAX_VALUE;

  @Override
  public void expect(FrameHeader header) {
    if (header.type() == MessageType.CANCEL_PASS) {
      throw new CorruptedFrameException("not now");
    }
  }

  @Override
  public void received(int stream, Message message) {
    received.add(message);
    if (received.size() == holdAfter) {
      assembler.hold();
    }
  }

  @Test
  void frames_come_out_however_they_are_cut() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      received.clear();
      ByteBuf stream = frames();
      while (stream.isReadable()) {
        int most = random.nextInt(4) == 0 ? 12 : 20_000;
        int size = Math.min(stream.readableBytes(), 1 + random.nextInt(most));
        assembler.feed(allocator.directBuffer(size).writeBytes(stream, size));
      }
      stream.release();
      assertFramesReceived("seed " + seed);
    }
    assertThat(allocator.metric().usedDirectMemory()).as("seed %d", seed).isZero();
  }

  @Test
  void what_is_held_back_comes_out_later_in_order() {
    holdAfter = 1;
    ByteBuf stream = frames();
    while (stream.isReadable()) {
      int size = Math.min(stream.readableBytes(), 16_000);
      assembler.feed(allocator.directBuffer(size).writeBytes(stream, size));
    }
    stream.release();
    assertThat(received).hasSize(1);
    holdAfter = 2;
    assembler.resume();
    assertThat(received).hasSize(2);
    assembler.resume();
    assertFramesReceived("after two pauses");
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  @DisplayName("B10: a lying length takes no memory")
  void a_lying_length_takes_no_memory() {
    ByteBuf lying = allocator.directBuffer(8).writeInt(1 << 30).writeShort(0x0403).writeShort(1);
    assertThatThrownBy(() -> assembler.feed(lying)).isInstanceOf(CorruptedFrameException.class);
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void a_frame_that_is_not_expected_takes_no_memory() {
    ByteBuf early = allocator.directBuffer(8).writeInt(0).writeShort(0x030C).writeShort(1);
    assertThatThrownBy(() -> assembler.feed(early)).hasMessage("not now");
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void an_unfinished_frame_is_let_go_on_close() {
    ByteBuf begun = allocator.directBuffer().writeInt(1000).writeShort(0x0403).writeShort(1);
    assembler.feed(begun.writeZero(500));
    assertThat(allocator.metric().usedDirectMemory()).isEqualTo(1000);
    assembler.close();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  @DisplayName("B21: records hold exactly what was sent, from a buffer of their own")
  void records_keep_one_buffer_of_their_size() {
    ByteBuf stream = frames();
    assembler.feed(stream);
    Contents contents = (Contents) received.get(1);
    assertThat(contents.records().bytes().readableBytes()).isEqualTo(RECORDS);
    assertThat(contents.records().bytes().maxCapacity()).isLessThanOrEqualTo(RECORDS + 64);
    received.forEach(MessageCodec::release);
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  /** A small frame, a large one, and two small ones. */
  private ByteBuf frames() {
    ByteBuf out = allocator.directBuffer();
    MessageCodec.encode(new Staged(1), 1, out);
    ByteBuf records = allocator.directBuffer(RECORDS);
    for (int i = 0; i < RECORDS; i++) {
      records.writeByte(i * 31);
    }
    MessageCodec.encode(new Contents(2, new Packed(Packing.PLAIN, RECORDS, 0, records)), 1, out);
    out.writeBytes(records, records.readerIndex(), RECORDS);
    records.release();
    MessageCodec.encode(new Staged(3), 1, out);
    MessageCodec.encode(new Staged(4), 1, out);
    return out;
  }

  private void assertFramesReceived(String where) {
    assertThat(received).as(where).hasSize(4);
    assertThat(received.get(0)).as(where).isEqualTo(new Staged(1));
    ByteBuf bytes = ((Contents) received.get(1)).records().bytes();
    for (int i = 0; i < RECORDS; i += 997) {
      assertThat(bytes.getByte(bytes.readerIndex() + i)).as(where).isEqualTo((byte) (i * 31));
    }
    bytes.release();
    assertThat(received.get(2)).as(where).isEqualTo(new Staged(3));
    assertThat(received.get(3)).as(where).isEqualTo(new Staged(4));
  }
}
