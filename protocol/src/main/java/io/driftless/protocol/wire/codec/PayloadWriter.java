package io.driftless.protocol.wire.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * Appends the fields of one payload; {@link PayloadReader} is the other half. What a sender may not
 * send is its own bug: {@code IllegalArgumentException}.
 */
final class PayloadWriter {
  /** In place of the bits of a scope whose names the listing tells. */
  static final int NAMED = 255;

  private final ByteBuf out;
  private byte[] previousPath = new byte[0];
  private long previousNumber;

  PayloadWriter(ByteBuf out) {
    this.out = out;
  }

  PayloadWriter u8(int value) {
    out.writeByte(value);
    return this;
  }

  PayloadWriter u16(int value) {
    out.writeShort(value);
    return this;
  }

  PayloadWriter s32(int value) {
    out.writeInt(value);
    return this;
  }

  PayloadWriter s64(long value) {
    out.writeLong(value);
    return this;
  }

  PayloadWriter choice(Enum<?> value) {
    return u8(value.ordinal());
  }

  /** A number that isn't negative. */
  PayloadWriter number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("must not be negative: " + value);
    }
    Varint.write(value, out);
    return this;
  }

  /** A number near the one before it in this payload, the first near 0. */
  PayloadWriter near(long value) {
    Varint.writeSigned(value - previousNumber, out);
    previousNumber = value;
    return this;
  }

  PayloadWriter count(int count, int countMax) {
    if (count > countMax) {
      throw new IllegalArgumentException(
          "%d, at most %d may go at once".formatted(count, countMax));
    }
    return number(count);
  }

  /** Text for people; what is too long is cut. */
  PayloadWriter text(String text) {
    WireText.write(text, out);
    return this;
  }

  /** Text that means something, and so is never cut. */
  PayloadWriter word(String text, int bytesMax) {
    return bytes(Bytes.owning(text.getBytes(UTF_8)), bytesMax);
  }

  PayloadWriter bytes(Bytes bytes, int bytesMax) {
    if (bytes.length() > bytesMax) {
      throw new IllegalArgumentException(
          "%d bytes, at most %d are allowed".formatted(bytes.length(), bytesMax));
    }
    number(bytes.length());
    out.writeBytes(bytes.toBytes());
    return this;
  }

  PayloadWriter name(Name name) {
    return bytes(Bytes.owning(name.toBytes()), Name.MAX_BYTES);
  }

  PayloadWriter uuid(UUID uuid) {
    return s64(uuid.getMostSignificantBits()).s64(uuid.getLeastSignificantBits());
  }

  PayloadWriter instant(Instant instant) {
    return s64(instant.getEpochSecond()).s32(instant.getNano());
  }

  PayloadWriter digest(Digest digest) {
    return s64(digest.high()).s64(digest.low());
  }

  PayloadWriter sha256(Sha256 hash) {
    return s64(hash.first()).s64(hash.second()).s64(hash.third()).s64(hash.fourth());
  }

  /** An entry, of which {@link EntryCodec#coreBytes} is within its limit. */
  PayloadWriter entry(Entry entry) {
    EntryCodec.encode(entry, out);
    return this;
  }

  PayloadWriter scope(Scope scope) {
    if (scope.isNamed()) {
      return u8(NAMED);
    }
    u8(scope.bits());
    return scope.bits() == 0 ? this : number(scope.prefix());
  }

  /** A path as what differs from the path before it in this payload, the first from the root. */
  PayloadWriter path(TreePath path) {
    byte[] bytes = path.toBytes();
    int differs = Arrays.mismatch(previousPath, bytes);
    int shared = differs < 0 ? bytes.length : differs;
    number(shared).number(bytes.length - shared);
    out.writeBytes(bytes, shared, bytes.length - shared);
    previousPath = bytes;
    return this;
  }
}
