package io.driftless.protocol.tree;

import java.util.Comparator;
import java.util.List;

/**
 * All that is carried of an entry besides its name and content.
 *
 * @param kind what it is
 * @param permissions the lower twelve bits of the mode: set-id, sticky, rwx
 * @param owner numeric user id, unsigned 32 bits
 * @param group numeric group id, unsigned 32 bits
 * @param modified mtime; compared to the nanosecond
 * @param accessed atime; carried with a transfer, never compared
 * @param sizeBytes length of a regular file, 0 for every other kind
 * @param device major number in the upper, minor in the lower 32 bits of a device, 0 for every
 *     other kind
 * @param flags the inode flags that can be carried ({@code FS_*_FL}, see {@link InodeFlags}), 0
 *     where the file system knows none
 * @param linkTarget what a symbolic link says, empty for every other kind
 * @param attributes sorted by name, no name twice
 */
public record Metadata(
    Kind kind,
    int permissions,
    int owner,
    int group,
    Timestamp modified,
    Timestamp accessed,
    long sizeBytes,
    long device,
    int flags,
    Bytes linkTarget,
    List<Attribute> attributes) {

  public static final int MAX_LINK_TARGET_BYTES = 4095;

  public Metadata {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException("permissions beyond 12 bits: %o".formatted(permissions));
    }
    if (sizeBytes < 0 || sizeBytes > 0 && kind != Kind.REGULAR) {
      throw new IllegalArgumentException("a %s can't have %d bytes".formatted(kind, sizeBytes));
    }
    if (device != 0 && !kind.isDevice()) {
      throw new IllegalArgumentException("a %s can't have a device number".formatted(kind));
    }
    if (kind == Kind.SYMLINK
        ? linkTarget.length() == 0 || linkTarget.length() > MAX_LINK_TARGET_BYTES
        : linkTarget.length() != 0) {
      throw new IllegalArgumentException(
          "a %s can't have a link target of %d bytes".formatted(kind, linkTarget.length()));
    }
    attributes = List.copyOf(attributes);
    requireStrictlySorted(attributes);
  }

  private static void requireStrictlySorted(List<Attribute> attributes) {
    if (!com.google.common.collect.Comparators.isInStrictOrder(
        attributes, Comparator.comparing(Attribute::name))) {
      throw new IllegalArgumentException(
          "attributes must be sorted by name, each once: " + attributes);
    }
  }

  public Metadata withModified(Timestamp time) {
    return new Metadata(
        kind,
        permissions,
        owner,
        group,
        time,
        accessed,
        sizeBytes,
        device,
        flags,
        linkTarget,
        attributes);
  }

  public Metadata withOwners(int newOwner, int newGroup, List<Attribute> newAttributes) {
    return new Metadata(
        kind,
        permissions,
        newOwner,
        newGroup,
        modified,
        accessed,
        sizeBytes,
        device,
        flags,
        linkTarget,
        newAttributes);
  }

  /** Tells whether everything that is compared is equal: all but the access time. */
  public boolean sameAs(Metadata other) {
    return sizeBytes == other.sizeBytes
        && modified.equals(other.modified)
        && sameButForContent(other);
  }

  /** Tells whether everything is equal that does not change with the content. */
  public boolean sameButForContent(Metadata other) {
    return kind == other.kind
        && permissions == other.permissions
        && owner == other.owner
        && group == other.group
        && device == other.device
        && flags == other.flags
        && linkTarget.equals(other.linkTarget)
        && attributes.equals(other.attributes);
  }
}
