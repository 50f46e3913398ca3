package io.driftless.protocol.wire.codec;

import io.driftless.protocol.message.ComparisonMessage;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.DeletionMessage;
import io.driftless.protocol.message.EnrolmentMessage;
import io.driftless.protocol.message.LinkMessage;
import io.driftless.protocol.message.LookMessage;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage;
import io.driftless.protocol.message.SessionMessage;
import io.driftless.protocol.message.VolumeMessage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import org.jspecify.annotations.Nullable;

/** Turns messages into frames and payloads into messages. */
public final class MessageCodec {
  private MessageCodec() {}

  /**
   * Appends the frame of a message, all but its packed bytes: those of {@link #packedOf} are to
   * follow at once, and are already counted in the header.
   *
   * @throws IllegalArgumentException if the message exceeds a limit of its type; {@code out} is
   *     then as it was
   */
  public static void encode(Message message, int stream, ByteBuf out) {
    MessageType type = MessageType.of(message);
    int start = out.writerIndex();
    try {
      out.writeZero(FrameHeader.BYTES);
      encodePayload(message, new PayloadWriter(out));
      Packed packed = packedOf(message);
      int payloadBytes =
          out.writerIndex()
              - start
              - FrameHeader.BYTES
              + (packed == null ? 0 : packed.bytes().readableBytes());
      if (payloadBytes > type.payloadBytesMax()) {
        throw new IllegalArgumentException(
            "%s of %d bytes, at most %d may go at once"
                .formatted(type, payloadBytes, type.payloadBytesMax()));
      }
      FrameHeader.set(out, start, payloadBytes, type, stream);
    } catch (RuntimeException e) {
      out.writerIndex(start);
      throw e;
    }
  }

  private static void encodePayload(Message message, PayloadWriter out) {
    switch (message) {
      case SessionMessage session -> SessionCodec.encode(session, out);
      case EnrolmentMessage enrolment -> EnrolmentCodec.encode(enrolment, out);
      case VolumeMessage volume -> VolumeCodec.encode(volume, out);
      case PassMessage pass -> PassCodec.encode(pass, out);
      case ContentMessage content -> ContentCodec.encode(content, out);
      case LinkMessage link -> LinkCodec.encode(link, out);
      case DeletionMessage deletion -> DeletionCodec.encode(deletion, out);
      case ComparisonMessage comparison -> ComparisonCodec.encode(comparison, out);
      case LookMessage look -> LookCodec.encode(look, out);
    }
  }

  /** The part of a message that owns a buffer, if it has one. */
  public static @Nullable Packed packedOf(Message message) {
    return message instanceof ContentMessage content ? ContentCodec.packedOf(content) : null;
  }

  /** Gives up the buffer of a message, if it has one. */
  public static void release(Message message) {
    Packed packed = packedOf(message);
    if (packed != null) {
      packed.bytes().release();
    }
  }

  /**
   * Reads a whole payload, from the reader index to the end of {@code in}, which stays the
   * caller's. Packed bytes become a slice with a reference of its own.
   *
   * @throws CorruptedFrameException if the bytes are no such message, or more than one
   */
  public static Message decode(MessageType type, ByteBuf in) {
    try {
      Message message = decodePayload(type, new PayloadReader(in));
      if (in.isReadable()) {
        throw new CorruptedFrameException(
            "%s with %d bytes behind it".formatted(type, in.readableBytes()));
      }
      return message;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new CorruptedFrameException("not a %s: %s".formatted(type, e.getMessage()), e);
    }
  }

  private static Message decodePayload(MessageType type, PayloadReader in) {
    return switch (type.code() >>> Byte.SIZE) {
      case 0 -> SessionCodec.decode(type, in);
      case 1 -> EnrolmentCodec.decode(type, in);
      case 2 -> VolumeCodec.decode(type, in);
      case 3 -> PassCodec.decode(type, in);
      case 4 -> ContentCodec.decode(type, in);
      case 5 -> LinkCodec.decode(type, in);
      case 6 -> DeletionCodec.decode(type, in);
      case 7 -> DeltaCodec.decode(type, in);
      case 13 -> ComparisonCodec.decode(type, in);
      case 14 -> LookCodec.decode(type, in);
      default -> throw notOfThisFamily(type);
    };
  }

  static IllegalStateException notOfThisFamily(MessageType type) {
    return new IllegalStateException(type + " has no codec here");
  }
}
