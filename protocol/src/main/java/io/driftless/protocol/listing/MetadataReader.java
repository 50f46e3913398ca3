package io.driftless.protocol.listing;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is carried of an entry. Nothing is followed, and no device, FIFO or socket is opened.
 *
 * <p>Each read is several system calls: an entry that changes between them is a mix, which the
 * version token tells.
 */
public final class MetadataReader {
  /** Where the attributes of one entry are read from. */
  private interface Attributes {
    List<byte[]> names() throws LinuxException;

    byte @Nullable [] value(byte[] name) throws LinuxException;
  }

  private MetadataReader() {}

  /**
   * Reads an entry by name.
   *
   * @param status of this entry, read just before
   * @throws LinuxException absent if it has gone meanwhile; EINVAL if it was a symbolic link and is
   *     none any more
   */
  public static Metadata read(Directory directory, Name name, FileStatus status)
      throws LinuxException {
    Kind kind = status.kind();
    Bytes linkTarget = kind == Kind.SYMLINK ? Bytes.owning(directory.readLink(name)) : Bytes.EMPTY;
    int flags = directory.inodeFlags(name, kind) & InodeFlags.CARRIED;
    return metadata(status, flags, linkTarget, carried(attributesOf(directory, name)));
  }

  /** Reads a directory that won't open, as it can be seen from above: all but its flags. */
  public static Metadata readShut(Directory above, Name name, FileStatus status)
      throws LinuxException {
    return metadata(status, 0, Bytes.EMPTY, carried(attributesOf(above, name)));
  }

  private static Attributes attributesOf(Directory directory, Name name) {
    return new Attributes() {
      @Override
      public List<byte[]> names() throws LinuxException {
        return directory.attributes(name);
      }

      @Override
      public byte @Nullable [] value(byte[] attribute) throws LinuxException {
        return directory.attribute(name, attribute);
      }
    };
  }

  /** Reads an open regular file or directory. */
  public static Metadata read(Fd file, FileStatus status) throws LinuxException {
    var source =
        new Attributes() {
          @Override
          public List<byte[]> names() throws LinuxException {
            return file.attributes();
          }

          @Override
          public byte @Nullable [] value(byte[] attribute) throws LinuxException {
            return file.attribute(attribute);
          }
        };
    int flags = file.inodeFlags() & InodeFlags.CARRIED;
    return metadata(status, flags, Bytes.EMPTY, carried(source));
  }

  private static List<Attribute> carried(Attributes source) throws LinuxException {
    List<byte[]> names = source.names();
    if (names.isEmpty()) {
      return List.of();
    }
    var carried = new ArrayList<Attribute>(names.size());
    for (byte[] name : names) {
      byte[] value = CarriedAttributes.contains(name) ? source.value(name) : null;
      if (value != null) {
        carried.add(new Attribute(Bytes.of(name), Bytes.owning(value)));
      }
    }
    carried.sort(null);
    return carried;
  }

  private static Metadata metadata(
      FileStatus status, int flags, Bytes linkTarget, List<Attribute> attributes) {
    Kind kind = status.kind();
    long device =
        kind.isDevice()
            ? (long) status.specialMajor() << 32 | Integer.toUnsignedLong(status.specialMinor())
            : 0;
    return new Metadata(
        kind,
        kind == Kind.SYMLINK ? 0777 : status.permissions(),
        status.uid(),
        status.gid(),
        new Timestamp(status.modifiedSeconds(), status.modifiedNanos()),
        new Timestamp(status.accessSeconds(), status.accessNanos()),
        kind == Kind.REGULAR ? status.size() : 0,
        device,
        flags,
        linkTarget,
        attributes);
  }
}
