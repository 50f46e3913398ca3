package io.driftless.protocol.tree;

import org.jspecify.annotations.Nullable;

/**
 * A name in a directory with its metadata.
 *
 * @param name absent only for the root of a volume
 * @param metadata for a directory in the listing of its parent, where it stands only as name and
 *     kind: {@link Metadata} with everything else 0
 * @param linkRole {@link LinkRole#ONLY} for directories and for what has one name
 * @param version opaque token of what was read: inode, size, mode, owner, mtime and ctime, hashed.
 *     Two reads of a file with equal versions saw the same state, to the granularity of the
 *     kernel's timestamps
 */
public record Entry(@Nullable Name name, Metadata metadata, LinkRole linkRole, long version) {
  public Kind kind() {
    return metadata.kind();
  }

  /**
   * The name.
   *
   * @throws IllegalStateException for the root of a volume
   */
  public Name requireName() {
    if (name == null) {
      throw new IllegalStateException("the root of a volume has no name");
    }
    return name;
  }
}
