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
import io.netty.handler.codec.CorruptedFrameException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Reads the fields of one payload. Whatever the bytes are, it throws {@link
 * CorruptedFrameException}, {@code IndexOutOfBoundsException} at their end, or {@code
 * IllegalArgumentException} from a type that can't be so; {@link MessageCodec} makes one of them.
 */
final class PayloadReader {
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private final ByteBuf in;
  private final PathReader paths = new PathReader();
  private long previousNumber;

  PayloadReader(ByteBuf in) {
    this.in = in;
  }

  int u8() {
    return in.readUnsignedByte();
  }

  int u16() {
    return in.readUnsignedShort();
  }

  int s32() {
    return in.readInt();
  }

  long s64() {
    return in.readLong();
  }

  <E> E choice(E[] values) {
    int ordinal = in.readUnsignedByte();
    if (ordinal >= values.length) {
      throw new CorruptedFrameException("choice %d of %d".formatted(ordinal, values.length));
    }
    return values[ordinal];
  }

  /** A number that isn't negative. */
  long number() {
    long value = Varint.read(in);
    if (value < 0) {
      throw new CorruptedFrameException("a number of 64 bits");
    }
    return value;
  }

  int number(int max) {
    return requireWithin(number(), max);
  }

  /** A number that is at least 1. */
  long ordinal() {
    return requirePositive(number());
  }

  /** See {@link PayloadWriter#near}. */
  long near() {
    previousNumber += Varint.readSigned(in);
    return previousNumber;
  }

  /** A number of a slice or group: near the one before it, and at least 1. */
  long nearOrdinal() {
    return requirePositive(near());
  }

  private static long requirePositive(long value) {
    if (value < 1) {
      throw new CorruptedFrameException("number " + value + ", they count from 1");
    }
    return value;
  }

  /** A list, whose items take at least {@code itemBytesMin} each. */
  <T> List<T> list(int countMax, int itemBytesMin, Supplier<T> item) {
    int count = number(countMax);
    if ((long) count * itemBytesMin > in.readableBytes()) {
      throw new CorruptedFrameException(
          "%d items in %d bytes".formatted(count, in.readableBytes()));
    }
    var items = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return List.copyOf(items);
  }

  String text() {
    return WireText.read(in);
  }

  String word(int bytesMax) {
    return in.readString(length(bytesMax), UTF_8);
  }

  Bytes bytes(int bytesMax) {
    byte[] bytes = new byte[length(bytesMax)];
    in.readBytes(bytes);
    return Bytes.owning(bytes);
  }

  private int length(int bytesMax) {
    int length = number(bytesMax);
    if (length > in.readableBytes()) {
      throw new CorruptedFrameException(
          "length %d, %d are there".formatted(length, in.readableBytes()));
    }
    return length;
  }

  Name name() {
    return Name.of(bytes(Name.MAX_BYTES).toBytes());
  }

  static int requireWithin(long value, int max) {
    if (value < 0 || value > max) {
      throw new CorruptedFrameException("%d, at most %d is allowed".formatted(value, max));
    }
    return (int) value;
  }

  UUID uuid() {
    return new UUID(in.readLong(), in.readLong());
  }

  Instant instant() {
    long seconds = in.readLong();
    int nanos = in.readInt();
    if (nanos < 0
        || nanos >= NANOS_PER_SECOND
        || seconds < Instant.MIN.getEpochSecond()
        || seconds > Instant.MAX.getEpochSecond()) {
      throw new CorruptedFrameException("no moment: %d s and %d ns".formatted(seconds, nanos));
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  Digest digest() {
    return new Digest(in.readLong(), in.readLong());
  }

  Sha256 sha256() {
    return new Sha256(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  Entry entry() {
    return EntryCodec.decode(in);
  }

  Scope scope() {
    int bits = u8();
    return switch (bits) {
      case 0 -> Scope.ALL;
      case PayloadWriter.NAMED -> Scope.NAMED;
      default -> new Scope(bits, number(Integer.MAX_VALUE));
    };
  }

  TreePath path() {
    int shared = number(TreePath.MAX_BYTES);
    return paths.next(in, shared, length(TreePath.MAX_BYTES));
  }

  /** The length that a packed part, which comes next, claims for its plain bytes. */
  int plainBytesAhead() {
    return in.getInt(in.readerIndex() + 1);
  }

  /** What has not been read yet, as a slice that owns a reference to the buffer. */
  ByteBuf rest() {
    return in.readRetainedSlice(in.readableBytes());
  }

  int restBytes() {
    return in.readableBytes();
  }
}
