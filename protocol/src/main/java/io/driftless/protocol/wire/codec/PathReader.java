package io.driftless.protocol.wire.codec;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Arrays;

/**
 * Rebuilds paths from what differs from one to the next. They share the directories that they have
 * in common, so what they occupy follows the bytes that were sent, not those that they stand for.
 */
final class PathReader {
  private byte[] bytes = new byte[256];
  private TreePath previous = TreePath.ROOT;

  /** The path that begins as the previous one does and goes on with bytes from {@code in}. */
  TreePath next(ByteBuf in, int sharedBytes, int ownBytes) {
    int length = sharedBytes + ownBytes;
    if (sharedBytes > previous.length() || length > TreePath.MAX_BYTES) {
      throw new CorruptedFrameException(
          "a path of %d + %d bytes after one of %d"
              .formatted(sharedBytes, ownBytes, previous.length()));
    }
    TreePath path = sharedDirectory(sharedBytes, length);
    if (length > bytes.length) {
      bytes =
          Arrays.copyOf(bytes, Math.min(TreePath.MAX_BYTES, Math.max(length, 2 * bytes.length)));
    }
    in.readBytes(bytes, sharedBytes, ownBytes);
    if (length > path.length()) {
      path = descend(path, path.isRoot() ? 0 : path.length() + 1, length);
    }
    previous = path;
    return path;
  }

  /** The deepest part of the previous path that the shared bytes contain with its slash. */
  private TreePath sharedDirectory(int sharedBytes, int length) {
    TreePath directory = previous;
    boolean whole = sharedBytes == length && length == previous.length();
    while (!whole && directory.length() >= sharedBytes && !directory.isRoot()) {
      directory = directory.parent();
    }
    return directory;
  }

  private TreePath descend(TreePath from, int start, int length) {
    TreePath path = from;
    int begin = start;
    for (int i = start; i <= length; i++) {
      if (i == length || bytes[i] == '/') {
        path = path.resolve(Name.of(bytes, begin, i - begin));
        begin = i + 1;
      }
    }
    return path;
  }
}
