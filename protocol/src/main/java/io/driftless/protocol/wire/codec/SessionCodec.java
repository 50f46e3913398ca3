package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.SessionMessage;
import io.driftless.protocol.message.SessionMessage.Allowance;
import io.driftless.protocol.message.SessionMessage.EndOfChain;
import io.driftless.protocol.message.SessionMessage.EndOfLane;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.message.SessionMessage.Ping;
import io.driftless.protocol.message.SessionMessage.Pong;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.message.SessionMessage.ReplaceLane;
import io.driftless.protocol.message.SessionMessage.Welcome;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Payloads of session messages; numbers without a width are {@link Varint}s, texts begin with their
 * length as u16.
 *
 * <pre>
 * Hello        versionMin u16 | versionMax u16 | instance 16 | session 16 | lane u8 | laneIndex u8
 *              | incarnation | clock s64 s32 | software text | tlsProvider text
 * Welcome      version u16 | clock s64 s32 | software text | tlsProvider text | agentName text
 * Refused      slug text | message text | hint text
 * Ping, Pong   number u64
 * EndOfLane    nothing
 * ReplaceLane  lane u8 | laneIndex u8 | incarnation
 * Allowance    bytesPerSecond s64
 * EndOfChain   nothing
 * </pre>
 */
final class SessionCodec {
  private static final LaneKind[] LANE_KINDS = LaneKind.values();

  private SessionCodec() {}

  static void encode(SessionMessage message, PayloadWriter out) {
    switch (message) {
      case Hello hello -> encode(hello, out);
      case Welcome welcome ->
          out.u16(welcome.version())
              .instant(welcome.clock())
              .text(welcome.software())
              .text(welcome.tlsProvider())
              .text(welcome.agentName());
      case Refused(var slug, var text, var hint) -> out.text(slug).text(text).text(hint);
      case Ping(long number) -> out.s64(number);
      case Pong(long number) -> out.s64(number);
      case EndOfLane(), EndOfChain() -> {}
      case ReplaceLane(var lane, int index, int incarnation) ->
          out.choice(lane).u8(index).number(incarnation);
      case Allowance(long bytesPerSecond) -> out.s64(bytesPerSecond);
    }
  }

  private static void encode(Hello hello, PayloadWriter out) {
    out.u16(hello.versionMin())
        .u16(hello.versionMax())
        .uuid(hello.instance())
        .uuid(hello.session())
        .choice(hello.lane())
        .u8(hello.laneIndex())
        .number(hello.incarnation())
        .instant(hello.clock())
        .text(hello.software())
        .text(hello.tlsProvider());
  }

  static SessionMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case HELLO -> decodeHello(in);
      case WELCOME -> decodeWelcome(in);
      case REFUSED -> new Refused(in.text(), in.text(), in.text());
      case PING -> new Ping(in.s64());
      case PONG -> new Pong(in.s64());
      case END_OF_LANE -> new EndOfLane();
      case REPLACE_LANE ->
          new ReplaceLane(in.choice(LANE_KINDS), decodeLaneIndex(in), in.number(Integer.MAX_VALUE));
      case ALLOWANCE -> decodeAllowance(in);
      case END_OF_CHAIN -> new EndOfChain();
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static Hello decodeHello(PayloadReader in) {
    int versionMin = in.u16();
    int versionMax = in.u16();
    var instance = in.uuid();
    var session = in.uuid();
    LaneKind lane = in.choice(LANE_KINDS);
    int laneIndex = decodeLaneIndex(in);
    int incarnation = in.number(Integer.MAX_VALUE);
    var clock = in.instant();
    return new Hello(
        versionMin,
        versionMax,
        in.text(),
        in.text(),
        instance,
        session,
        lane,
        laneIndex,
        incarnation,
        clock);
  }

  private static Welcome decodeWelcome(PayloadReader in) {
    int version = in.u16();
    var clock = in.instant();
    return new Welcome(version, in.text(), in.text(), in.text(), clock);
  }

  private static Allowance decodeAllowance(PayloadReader in) {
    long bytesPerSecond = in.s64();
    if (bytesPerSecond < Allowance.UNLIMITED) {
      throw new CorruptedFrameException("an allowance of %d".formatted(bytesPerSecond));
    }
    return new Allowance(bytesPerSecond);
  }

  private static int decodeLaneIndex(PayloadReader in) {
    int index = in.u8();
    if (index >= Hello.LANES_MAX) {
      throw new CorruptedFrameException("lane " + index);
    }
    return index;
  }
}
