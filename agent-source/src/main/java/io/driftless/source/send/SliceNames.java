package io.driftless.source.send;

import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import java.util.Arrays;

/**
 * The names of a slice by index, as far as they may be asked about: regular files. Their content
 * may be asked for under the first name of each inode. Compact, since many slices are open.
 * Thread-safe.
 */
final class SliceNames {
  private static final int NOT_TO_BE_HAD = -1;
  private static final int ROLE_BITS = 2;
  private static final LinkRole[] ROLES = LinkRole.values();

  private byte[] bytes = new byte[256];
  private int byteCount;

  /** Where the name of an index begins, shifted left, and its role. */
  private int[] starts = new int[16];

  private int count;

  /** The name and the part that it plays. */
  record Wanted(Name name, LinkRole role) {}

  /** Appends the next index: an entry without content of its own. */
  synchronized void skip() {
    append(NOT_TO_BE_HAD);
  }

  /** Appends the next index. */
  synchronized void add(Name name, LinkRole role) {
    int needed = byteCount + 1 + name.length();
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
    }
    append(byteCount << ROLE_BITS | role.ordinal());
    bytes[byteCount] = (byte) name.length();
    name.copyTo(bytes, byteCount + 1);
    byteCount = needed;
  }

  private void append(int start) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
    }
    starts[count++] = start;
  }

  /**
   * The name with this index.
   *
   * @throws ViolationException if there is none, or none whose content may be asked for
   */
  Wanted require(long slice, int index) {
    Wanted wanted = requireFile(slice, index);
    if (wanted.role() == LinkRole.LATER) {
      throw hasNoContent(slice, index);
    }
    return wanted;
  }

  /**
   * The name with this index, be it a further one of its inode.
   *
   * @throws ViolationException if there is none, or none of a regular file
   */
  synchronized Wanted requireFile(long slice, int index) {
    if (index < 0 || index >= count) {
      throw new ViolationException(
          "the target asks for entry %d of slice %d, which has %d".formatted(index, slice, count));
    }
    int start = starts[index];
    if (start == NOT_TO_BE_HAD) {
      throw hasNoContent(slice, index);
    }
    int at = start >>> ROLE_BITS;
    Name name = Name.of(bytes, at + 1, Byte.toUnsignedInt(bytes[at]));
    return new Wanted(name, ROLES[start & (1 << ROLE_BITS) - 1]);
  }

  private static ViolationException hasNoContent(long slice, int index) {
    return new ViolationException(
        "the target asks for the content of entry %d of slice %d, which has none of its own"
            .formatted(index, slice));
  }
}
