package io.driftless.protocol.wire.codec;

import static io.driftless.protocol.wire.codec.MessageType.*;
import static io.driftless.protocol.wire.codec.MessageType.DIFFERENCES;
import static io.driftless.protocol.wire.codec.MessageType.DIFFERENCES_TAKEN;
import static io.driftless.protocol.wire.codec.MessageType.EXAMINE;
import static io.driftless.protocol.wire.codec.MessageType.EXAMINED;
import static io.driftless.protocol.wire.codec.MessageType.GONE_THROUGH;
import static io.driftless.protocol.wire.codec.MessageType.LOOK;
import static io.driftless.protocol.wire.codec.MessageType.LOOKED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("B10: what a peer may not send, type by type")
final class MalformedFramesTest {
  private static final String ID = "0000000000000001";
  private static final String HASH = "1122334455667788";
  private static final String ZERO = "0000000000000000";
  private static final String MOST = "ffffffffffffffff7f";
  private static final String CHECKSUM = "11223344";

  static Stream<Arguments> payloads() {
    return Stream.of(
            Stream.of(
                arguments(HELLO, "a kind of lane", "00010001" + ID + ID + ID + ID + "02"),
                arguments(HELLO, "lane 16", "00010001" + ID + ID + ID + ID + "0110"),
                arguments(
                    HELLO,
                    "10^9 nanoseconds",
                    "00010001" + ID + ID + ID + ID + "010000" + ID + "3b9aca0000000000"),
                arguments(
                    HELLO,
                    "a moment beyond time",
                    "00010001" + ID + ID + ID + ID + "0100007fffffffffffffff0000000000000000"),
                arguments(WELCOME, "a text longer than its frame", "0001" + ID + "00000000ffff"),
                arguments(REFUSED, "a text of 4097 bytes", "1001" + "61".repeat(4097) + "00000000"),
                arguments(PING, "a short number", "00"),
                arguments(PONG, "two numbers", ID + ID),
                arguments(END_OF_LANE, "anything", "00"),
                arguments(END_OF_CHAIN, "anything", "00"),
                arguments(REPLACE_LANE, "an incarnation of 2^31", "01008080808008"),
                arguments(ALLOWANCE, "less than nothing", "fffffffffffffffe"),
                arguments(CHALLENGE, "65 bytes", "41" + "00".repeat(65)),
                arguments(ENROL, "257 volumes", "0000008102" + "00".repeat(257)),
                arguments(ENROL, "a volume's name of 64 bytes", "0000000140" + "61".repeat(64)),
                arguments(ISSUED, "16385 bytes of certificate", "818001"),
                arguments(RENEW, "a length of 2^63", "80808080808080808001"),
                arguments(NOT_ISSUED, "two texts", "00000000")),
            Stream.of(
                arguments(OPEN_VOLUME, "a role", "0002"),
                arguments(OPEN_VOLUME, "an access", "00000002"),
                arguments(
                    OPEN_VOLUME,
                    "4097 filters",
                    "0000000000" + ID + ID + ID + ID + "008120" + "00".repeat(4097)),
                arguments(
                    OPEN_VOLUME,
                    "more filters than bytes",
                    "0000000000" + ID + ID + ID + ID + "00" + "8020"),
                arguments(VOLUME_OPENED, "a state", "0003"),
                arguments(VOLUME_OPENED, "a shut window", "0000" + ID + "00010101000000"),
                arguments(BLOCKED, "a negative number", "0000ffffffffffffffffff0100"),
                arguments(UNBLOCKED, "anything", "00"),
                arguments(OWNER_NAMES, "a kind of owner", "0102000000000161"),
                arguments(OWNER_NAMES, "more names than bytes", "02000000000100"),
                arguments(CLOSE_VOLUME, "nothing", ""),
                arguments(QUEUED, "a place of 2^31", "8080808008")),
            Stream.of(
                arguments(BEGIN_PASS, "an effect", "0100040000000000"),
                arguments(BEGIN_PASS, "a path out of the volume", "0100000000000000022e2e"),
                arguments(BEGIN_PASS, "a fate of the excluded", "010000000002000000"),
                arguments(BEGIN_PASS, "a course", "010000000000020000"),
                arguments(PASS_BEGUN, "a number that is too long", "800000"),
                arguments(PASS_BEGUN, "an unknown proof", "0302"),
                arguments(OFFERS, "1025 offers", "8108" + "00".repeat(30 * 1025)),
                arguments(OFFERS, "slice 0", "0100000000000" + "0".repeat(49)),
                arguments(OFFERS, "a scope of 25 bits", "01020100001900" + "00".repeat(25)),
                arguments(OFFERS, "a prefix beyond its bits", "01020100000104" + "00".repeat(25)),
                arguments(
                    OFFERS,
                    "a path that shares what was never there",
                    "010201050161" + "00".repeat(26)),
                arguments(OFFERS, "more offers than bytes", "02" + "02010000" + "00".repeat(26)),
                arguments(VERDICTS, "a finding", "010204"),
                arguments(REVISIT, "a finding", "010204"),
                arguments(VERDICTS, "a slice below 1", "010100"),
                arguments(SLICES_DONE, "more slices than bytes", "0502"),
                arguments(STAGED, "an over-long number", "ff00"),
                arguments(ACKNOWLEDGED, "65 bits", "ffffffffffffffffff03"),
                arguments(END_OF_WALK, "two numbers", "0101"),
                arguments(WALK_APPLIED, "anything", "01"),
                arguments(PROBLEMS, "a name with NUL", "01" + "0003610062" + "00000000"),
                arguments(PROBLEMS, "an absolute path", "01" + "00022f61" + "00000000"),
                arguments(PROBLEMS, "a trailing slash", "01" + "0002612f" + "00000000"),
                arguments(PROBLEMS, "a double slash", "01" + "0004612f2f62" + "00000000"),
                arguments(PROBLEMS, "a dot", "01" + "0003612f2e" + "00000000"),
                arguments(NOTICES, "65 notices", "41" + "00".repeat(260)),
                arguments(CANCEL_PASS, "anything", "00"),
                arguments(PASS_RESULT, "an outcome", "04" + "00".repeat(15))),
            Stream.of(
                arguments(LISTING, "slice 0", "000000" + "0000000000" + CHECKSUM),
                arguments(LISTING, "flags", "010800" + "0000000000" + CHECKSUM),
                arguments(LISTING, "a packing", "010000" + "0300000000" + CHECKSUM),
                arguments(LISTING, "2 MiB and a byte", "010000" + "0100200001" + CHECKSUM + "00"),
                arguments(
                    LISTING, "negative plain bytes", "010000" + "01ffffffff" + CHECKSUM + "00"),
                arguments(
                    LISTING,
                    "plain bytes that are fewer",
                    "010000" + "0000000002" + CHECKSUM + "00"),
                arguments(LISTING, "compressed nothing", "010000" + "0100000002" + CHECKSUM),
                arguments(
                    LISTING,
                    "a name of 256 bytes",
                    "010100" + "01" + "008002" + "61".repeat(256) + "00" + "0000000000" + CHECKSUM),
                arguments(WANT, "index -1", "010101"),
                arguments(WANT, "index 2^31", "01018080808010"),
                arguments(WANT, "more than 4096", "018120" + "00".repeat(4097)),
                arguments(WANT_UNLESS_SAME, "slice 0", "0000"),
                arguments(WANT_UNLESS_SAME, "index -1", "01010100" + "00".repeat(16)),
                arguments(
                    WANT_UNLESS_SAME, "more than a TiB", "010102818080808020" + "00".repeat(16)),
                arguments(WANT_UNLESS_SAME, "more than 1024", "018108" + "00".repeat(18 * 1025)),
                arguments(WANT_UNLESS_SAME, "more than bytes", "0102" + "00".repeat(18)),
                arguments(CONTENTS, "slice 0", "00" + "0000000000" + CHECKSUM),
                arguments(WANT_SEGMENT, "no bytes", "0100000000"),
                arguments(WANT_SEGMENT, "more than a MiB", "01000081804000"),
                arguments(WANT_SEGMENT, "an offset within a segment", "0100010100"),
                arguments(WANT_SEGMENT, "an end beyond 2^63", "01008080c0ffffffffff7f80804000"),
                arguments(WANT_SEGMENT, "17 hashes", "0100000111" + HASH.repeat(17)),
                arguments(SEGMENT, "a reading", "01000003"),
                arguments(
                    SEGMENT,
                    "a run of nothing",
                    "010000000000" + HASH + "00" + "010100" + "0000000000" + CHECKSUM),
                arguments(
                    SEGMENT,
                    "a sort of run",
                    "010000000000" + HASH + "00" + "010301" + "0000000000" + CHECKSUM),
                arguments(
                    SEGMENT,
                    "1025 runs",
                    "010000000000" + HASH + "00" + "8108" + "0101".repeat(1025)),
                arguments(
                    SEGMENT,
                    "data without literals",
                    "010000000000" + HASH + "00" + "010001" + "0000000000" + CHECKSUM),
                arguments(
                    SEGMENT,
                    "literals without data",
                    "010000000000" + HASH + "00" + "00" + "0000000001" + CHECKSUM + "00"),
                arguments(
                    SEGMENT,
                    "runs that end beyond 2^63",
                    "010000000000"
                        + HASH
                        + "00"
                        + "0201ffffffffffffffff7f01ffffffffffffffff7f"
                        + "0000000000"
                        + CHECKSUM)),
            Stream.of(
                arguments(LINK_GROUP, "group 0", "0000016100"),
                arguments(LINK_GROUP, "257 others", "010001618102" + "0000".repeat(257)),
                arguments(LINK_GROUPS_DONE, "group 0", "0100"),
                arguments(END_OF_LINKS, "nothing", "")),
            Stream.of(
                arguments(CONFIRM_ABSENT, "question 0", "000000" + "00"),
                arguments(CONFIRM_ABSENT, "1025 names", "010000" + "8108" + "0161".repeat(1025)),
                arguments(CONFIRM_ABSENT, "the name ..", "010000" + "01" + "022e2e"),
                arguments(CONFIRM_ABSENT, "a name with a slash", "010000" + "01" + "03612f62"),
                arguments(CONFIRM_ABSENT, "a name of nothing", "010000" + "01" + "00"),
                arguments(ABSENCES, "question 0", "0000"),
                arguments(ABSENCES, "position -1", "010101"),
                arguments(ABSENCES, "position 1024", "01018010"),
                arguments(MISSING, "1025 paths", "8108" + "000161".repeat(1025)),
                arguments(MISSING, "a path out of the volume", "0100022e2e")),
            Stream.of(
                arguments(COMPARE_SEGMENT, "no bytes", "01000000" + ZERO + "0000000c"),
                arguments(COMPARE_SEGMENT, "a segment's middle", "01000101" + ZERO + "0000000c"),
                arguments(
                    COMPARE_SEGMENT, "more than 16 MiB", "010000" + "81808008" + ZERO + "0000000c"),
                arguments(COMPARE_SEGMENT, "blocks of 2 KiB", "01000001" + ZERO + "0000000b"),
                arguments(COMPARE_SEGMENT, "blocks of 256 KiB", "01000001" + ZERO + "00000012"),
                arguments(COMPARE_SEGMENT, "blocks of 2^255", "01000001" + ZERO + "000000ff"),
                arguments(
                    COMPARE_SEGMENT,
                    "a block beyond the basis",
                    "01000001" + ZERO + "0000010c" + HASH),
                arguments(
                    COMPARE_SEGMENT,
                    "a block beyond the segment",
                    "01000001" + ZERO + "0a00020c" + HASH),
                arguments(
                    COMPARE_SEGMENT, "more hashes than bytes", "01000001" + ZERO + "0a00010c"),
                arguments(REFINE_SEGMENT, "2049 ranges", "010000" + "8110" + "0000".repeat(2049)),
                arguments(REFINE_SEGMENT, "a range beyond 2^63", "01000001" + MOST + "0100"),
                arguments(REFINE_SEGMENT, "two windows", "0100000002"),
                arguments(
                    REFINE_SEGMENT,
                    "a window of 2^62 bytes",
                    "0100000001" + "00" + "808080808080808040" + "14"),
                arguments(REFINED_SEGMENT, "fewer hashes", "010000" + "01" + "0001" + "0c" + "00"),
                arguments(
                    REFINED_SEGMENT, "fewer weak hashes", "01000000" + "01" + "00010c" + HASH),
                arguments(
                    REFINED_SEGMENT,
                    "a window of 2^62 bytes",
                    "01000000" + "01" + "00" + "808080808080808040" + "14"),
                arguments(SEGMENT_DELTA, "a reading", "01000003"),
                arguments(SEGMENT_DELTA, "a part", "01000000000002"),
                arguments(SEGMENT_DELTA, "a sort of run", delta("01" + "0301", 0)),
                arguments(SEGMENT_DELTA, "a run of nothing", delta("01" + "0100", 0)),
                arguments(SEGMENT_DELTA, "more than a segment", delta("01" + "0181808008", 0)),
                arguments(SEGMENT_DELTA, "a match beyond 2^63", delta("01" + "0201" + MOST, 0)),
                arguments(SEGMENT_DELTA, "runs beyond 2^63", delta("02" + "01" + MOST + "0101", 0)),
                arguments(SEGMENT_DELTA, "4097 runs", delta("8120" + "0101".repeat(4097), 0)),
                arguments(SEGMENT_DELTA, "literals that are missing", delta("01" + "0001", 0)),
                arguments(SEGMENT_DELTA, "literals without a run", delta("00", 1))),
            Stream.of(
                arguments(EXAMINE, "slice 0", "000c00"),
                arguments(EXAMINE, "blocks of 2 KiB", "010b00"),
                arguments(EXAMINE, "blocks of 2^27", "011b00"),
                arguments(EXAMINE, "index -1", "010c0101"),
                arguments(EXAMINE, "513 entries", "010c8104" + "00".repeat(513)),
                arguments(EXAMINED, "slice 0", "0000"),
                arguments(LOOK, "an entry or two", "000161" + "00" + "02"),
                arguments(LOOK, "half an entry", "000161" + "00" + "01" + "0161"),
                arguments(LOOK, "a path that leads out", "00022e2e" + "00" + "00"),
                arguments(LOOKED, "a presence", "05" + "00" + "0000" + "00" + "00" + "0000"),
                arguments(LOOKED, "a kind", "00" + "01" + "03" + "0000" + "00" + "00" + "0000"),
                arguments(LOOKED, "65 aspects", "00" + "00" + "0000" + "41" + "00".repeat(400)),
                arguments(LOOKED, "half a hash", "00" + "00" + "0000" + "00" + "01" + ID),
                arguments(EXAMINED, "a reading", "010100" + "03" + ID + "000000" + ID + ID + "00"),
                arguments(EXAMINED, "half a hash", examined("01" + ID + ID)),
                arguments(EXAMINED, "half a hash without zeros", examined("02" + ID + ID)),
                arguments(EXAMINED, "a hash of a third kind", examined("03" + ID + ID + ID + ID)),
                arguments(EXAMINED, "513 files", "018104" + "00".repeat(29 * 513)),
                arguments(EXAMINED, "more files than bytes", "0102" + "00".repeat(40)),
                arguments(DIFFERENCES, "a kind", "01" + "000161" + "030000" + "00000000"),
                arguments(DIFFERENCES, "a trait", "01" + "000161" + "081200" + "00000000"),
                arguments(DIFFERENCES, "a guess", "01" + "000161" + "080002" + "00000000"),
                arguments(DIFFERENCES, "the name ..", "01" + "00022e2e" + "080000" + "00000000"),
                arguments(DIFFERENCES, "257 of them", "8102" + "00".repeat(9 * 257)),
                arguments(DIFFERENCES_TAKEN, "anything", "00"),
                arguments(GONE_THROUGH, "an over-long number", "ff00")))
        .flatMap(rows -> rows);
  }

  private static String examined(String content) {
    return "010100" + "00" + ID + "000000" + ID + ID + content;
  }

  private static String delta(String runs, int literals) {
    String head = "01000000000001" + HASH + "000000";
    String packed = "000000000" + literals + CHECKSUM + "00".repeat(literals);
    return head + runs + ZERO + ZERO + packed;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("payloads")
  void is_corrupt(MessageType type, String what, String hex) {
    ByteBuf payload = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    assertThatThrownBy(() -> MessageCodec.decode(type, payload))
        .as(what)
        .isInstanceOf(CorruptedFrameException.class);
    assertThat(payload.refCnt()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void every_type_has_a_row(MessageType type) {
    assertThat(payloads().map(row -> row.get()[0])).contains(type);
  }

  @ParameterizedTest
  @EnumSource(MessageType.class)
  void a_header_is_checked_before_anything_is_read(MessageType type) {
    int own = Samples.streamOf(type);
    assertThat(peek(type.payloadBytesMax(), type.code(), own))
        .isEqualTo(new FrameHeader(type.payloadBytesMax(), type, own));
    assertCorrupt(type.payloadBytesMax() + 1, type.code(), own);
    assertCorrupt(-1, type.code(), own);
    assertCorrupt(0, type.code(), own == 0 ? 1 : 0);
  }

  @Test
  void a_code_that_nobody_has_is_corrupt() {
    assertCorrupt(0, 0, 0);
    assertCorrupt(0, 0x0F01, 1);
    assertCorrupt(0, 0xFFFF, 1);
  }

  private static void assertCorrupt(int payloadBytes, int code, int stream) {
    assertThatThrownBy(() -> peek(payloadBytes, code, stream))
        .isInstanceOf(CorruptedFrameException.class);
  }

  private static FrameHeader peek(int payloadBytes, int code, int stream) {
    return FrameHeader.peek(
        Unpooled.buffer().writeInt(payloadBytes).writeShort(code).writeShort(stream));
  }
}
