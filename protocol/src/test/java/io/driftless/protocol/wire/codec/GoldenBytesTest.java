package io.driftless.protocol.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Version 1 of the wire format, pinned: a change here is another version of the protocol. */
final class GoldenBytesTest {
  private static final Map<String, String> GOLDEN = load();

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void a_frame_has_the_bytes_that_it_always_had(MessageType type) {
    Message sample = Samples.of(type);
    ByteBuf frame = Samples.frame(sample, Samples.streamOf(type));
    assertThat(ByteBufUtil.hexDump(frame)).isEqualTo(GOLDEN.get(type.name()));
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void the_bytes_that_it_always_had_mean_the_same(MessageType type) {
    ByteBuf frame =
        Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(GOLDEN.getOrDefault(type.name(), "")));
    FrameHeader header = FrameHeader.peek(frame);
    frame.skipBytes(FrameHeader.BYTES);
    assertThat(header)
        .isEqualTo(new FrameHeader(frame.readableBytes(), type, Samples.streamOf(type)));
    assertThat(MessageCodec.decode(type, frame)).isEqualTo(Samples.of(type));
  }

  private static Map<String, String> load() {
    Map<String, String> golden = new TreeMap<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                GoldenBytesTest.class.getResourceAsStream("golden-frames.txt"),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("\\s+", 2))
          .forEach(parts -> golden.put(parts[0], parts[1].replace(" ", "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return golden;
  }
}
