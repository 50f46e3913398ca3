package io.driftless.target.stage;

import io.netty.buffer.ByteBuf;

/**
 * Content of a small file in a buffer: extents one behind the other.
 *
 * @param bytes direct; stays the caller's
 * @param position index of the first byte of the first extent
 * @param offsets in the file where the extents begin, ascending
 * @param lengths of the extents
 */
public record SmallContent(ByteBuf bytes, int position, int[] offsets, int[] lengths) {
  private static final int[] NOWHERE = {};
  private static final int[] START = {0};

  /** Content without holes. */
  public static SmallContent whole(ByteBuf bytes, int position, int length) {
    return length == 0
        ? new SmallContent(bytes, position, NOWHERE, NOWHERE)
        : new SmallContent(bytes, position, START, new int[] {length});
  }
}
