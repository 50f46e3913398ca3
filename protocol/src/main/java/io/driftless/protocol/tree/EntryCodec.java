package io.driftless.protocol.tree;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry as bytes, big-endian: what is compared first, so that a digest is the hash of the core.
 *
 * <pre>
 * core:  nameLength u8 | name | kind u8
 *        and, unless it stands as name and kind only (a directory in the listing of its parent):
 *        permissions u16 | owner u32 | group u32 | modified s64 u32 | flags u32
 *        | sizeBytes or device u64            regular files and devices
 *        | linkTargetLength u16 | linkTarget  symbolic links
 *        | attributeCount u16 | { nameLength u8 | name | valueLength u32 | value }*
 * tail:  accessed s64 u32 | linkRole u8 | version u64
 * </pre>
 *
 * <p>Whether an entry stands as name and kind only is marked in the upper bit of the kind. The
 * whole core is at most {@link #MAX_CORE_BYTES} long.
 */
public final class EntryCodec {
  /**
   * The name, a link target, and 16 attributes of the greatest size; more is a problem of the
   * entry.
   */
  public static final int MAX_CORE_BYTES = 1 << 20;

  private static final int NAME_ONLY = 0x80;
  private static final LinkRole[] LINK_ROLES = LinkRole.values();
  private static final Metadata PLAIN_DIRECTORY =
      new Metadata(
          Kind.DIRECTORY,
          0,
          0,
          0,
          Timestamp.EPOCH,
          Timestamp.EPOCH,
          0,
          0,
          0,
          Bytes.EMPTY,
          List.of());

  private EntryCodec() {}

  /** A directory as it stands in the listing of its parent. */
  public static Entry nameOfDirectory(Name name) {
    return new Entry(name, PLAIN_DIRECTORY, LinkRole.ONLY, 0);
  }

  /** Tells whether an entry stands for a directory by name and kind only. */
  public static boolean isNameOnly(Entry entry) {
    return entry.metadata() == PLAIN_DIRECTORY;
  }

  /** Appends core and tail; the entry has been checked with {@link #coreBytes}. */
  public static void encode(Entry entry, ByteBuf out) {
    encodeCore(entry, out);
    Metadata metadata = entry.metadata();
    if (!isNameOnly(entry)) {
      out.writeLong(metadata.accessed().seconds()).writeInt(metadata.accessed().nanos());
      out.writeByte(entry.linkRole().ordinal()).writeLong(entry.version());
    }
  }

  /** Appends the core alone: what a digest covers. */
  public static void encodeCore(Entry entry, ByteBuf out) {
    writeName(entry.name(), out);
    Metadata metadata = entry.metadata();
    if (isNameOnly(entry)) {
      out.writeByte(Kind.DIRECTORY.code() | NAME_ONLY);
      return;
    }
    out.writeByte(metadata.kind().code());
    out.writeShort(metadata.permissions());
    out.writeInt(metadata.owner()).writeInt(metadata.group());
    out.writeLong(metadata.modified().seconds()).writeInt(metadata.modified().nanos());
    out.writeInt(metadata.flags());
    switch (metadata.kind()) {
      case REGULAR -> out.writeLong(metadata.sizeBytes());
      case CHARACTER_DEVICE, BLOCK_DEVICE -> out.writeLong(metadata.device());
      case SYMLINK -> {
        out.writeShort(metadata.linkTarget().length());
        out.writeBytes(metadata.linkTarget().toBytes());
      }
      case DIRECTORY, FIFO, SOCKET -> {}
    }
    writeAttributes(metadata.attributes(), out);
  }

  /** Length of the core in bytes, to be compared with {@link #MAX_CORE_BYTES} before encoding. */
  public static long coreBytes(Entry entry) {
    long bytes =
        64
            + (entry.name() == null ? 0 : entry.name().length())
            + entry.metadata().linkTarget().length();
    for (Attribute attribute : entry.metadata().attributes()) {
      bytes += 5 + attribute.name().length() + attribute.value().length();
    }
    return bytes;
  }

  /**
   * Reads an entry.
   *
   * @throws CorruptedFrameException if the bytes are no entry; the peer then breaks the protocol
   */
  public static Entry decode(ByteBuf in) {
    try {
      Name name = readName(in);
      int kindByte = in.readUnsignedByte();
      if (kindByte == (Kind.DIRECTORY.code() | NAME_ONLY)) {
        return new Entry(name, PLAIN_DIRECTORY, LinkRole.ONLY, 0);
      }
      return decodeWhole(name, Kind.ofCode(kindByte), in);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new CorruptedFrameException("not an entry: " + e.getMessage(), e);
    }
  }

  private static Entry decodeWhole(@Nullable Name name, Kind kind, ByteBuf in) {
    int permissions = in.readUnsignedShort();
    int owner = in.readInt();
    int group = in.readInt();
    Timestamp modified = new Timestamp(in.readLong(), in.readInt());
    int flags = in.readInt();
    long size = kind == Kind.REGULAR ? in.readLong() : 0;
    long device = kind.isDevice() ? in.readLong() : 0;
    Bytes linkTarget =
        kind == Kind.SYMLINK
            ? readBytes(in, in.readUnsignedShort(), Metadata.MAX_LINK_TARGET_BYTES)
            : Bytes.EMPTY;
    List<Attribute> attributes = readAttributes(in);
    Timestamp accessed = new Timestamp(in.readLong(), in.readInt());
    int role = in.readUnsignedByte();
    if (role >= LINK_ROLES.length) {
      throw new IllegalArgumentException("link role " + role);
    }
    var metadata =
        new Metadata(
            kind,
            permissions,
            owner,
            group,
            modified,
            accessed,
            size,
            device,
            flags,
            linkTarget,
            attributes);
    return new Entry(name, metadata, LINK_ROLES[role], in.readLong());
  }

  private static void writeName(@Nullable Name name, ByteBuf out) {
    if (name == null) {
      out.writeByte(0);
      return;
    }
    out.writeByte(name.length());
    out.writeBytes(name.toBytes());
  }

  private static @Nullable Name readName(ByteBuf in) {
    int length = in.readUnsignedByte();
    if (length == 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return Name.of(bytes);
  }

  private static void writeAttributes(List<Attribute> attributes, ByteBuf out) {
    out.writeShort(attributes.size());
    for (Attribute attribute : attributes) {
      out.writeByte(attribute.name().length());
      out.writeBytes(attribute.name().toBytes());
      out.writeInt(attribute.value().length());
      out.writeBytes(attribute.value().toBytes());
    }
  }

  private static List<Attribute> readAttributes(ByteBuf in) {
    int count = in.readUnsignedShort();
    if (count == 0) {
      return List.of();
    }
    var attributes = new ArrayList<Attribute>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      Bytes name = readBytes(in, in.readUnsignedByte(), Attribute.MAX_NAME_BYTES);
      attributes.add(new Attribute(name, readBytes(in, in.readInt(), Attribute.MAX_VALUE_BYTES)));
    }
    return attributes;
  }

  private static Bytes readBytes(ByteBuf in, int length, int lengthMax) {
    if (length < 0 || length > lengthMax || length > in.readableBytes()) {
      throw new IllegalArgumentException(
          "length %d, at most %d are allowed and %d are there"
              .formatted(length, lengthMax, in.readableBytes()));
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return Bytes.owning(bytes);
  }
}
