package io.driftless.target.stage;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.MetadataWriter.Locking;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A large file on its way, under a name that its path leads to: an attempt that broke off is found
 * again and serves as basis. Confined to one thread at a time.
 */
final class PartFile implements ContentSink, AutoCloseable {
  private static final int BLOCK = ContentMessage.STAGED_BLOCK_BYTES;

  private final Name name;
  private final Fd fd;
  private final Room room;
  private long heldBytes;
  private long endBytes;

  private PartFile(Name name, Fd fd, Room room, long heldBytes) {
    this.name = name;
    this.fd = fd;
    this.room = room;
    this.heldBytes = heldBytes;
    this.endBytes = heldBytes;
  }

  /** The name in {@code parts/} of the file with this path. */
  static Name nameOf(TreePath path, SeededHash hash) {
    byte[] bytes = path.toBytes();
    Digest digest = hash.hash128(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    return Name.of(digest.toString());
  }

  /**
   * Opens what an earlier attempt left, or begins anew.
   *
   * @param flags that the file will have
   */
  static PartFile open(StagingArea area, Name name, int flags, Room room) throws IOException {
    Directory parts = area.parts();
    if (parts.statusIfPresent(name) != null) {
      Fd found = parts.openForWriting(name);
      FileStatus status = found.status();
      if (status.isRegular()
          && status.linkCount() == 1
          && !MetadataWriter.needsRebirth(found, found.inodeFlags(), flags)) {
        area.disinherit(found, 0600);
        return new PartFile(name, found, room, status.size());
      }
      found.close();
      parts.remove(name);
    }
    try {
      Fd made = parts.create(name, 0600);
      MetadataWriter.setFlagsAtBirth(made, flags);
      return new PartFile(name, made, room, 0);
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, 0) : e;
    }
  }

  Name name() {
    return name;
  }

  /** From here on everything that was written counts as basis. */
  void beginRound() {
    heldBytes = Math.max(heldBytes, endBytes);
  }

  /**
   * Hashes of the blocks in a range that are held completely, from its beginning on; the last block
   * of the range may be short.
   */
  List<Long> blockHashes(
      long offset, int length, SeededHash hash, ContentReader reader, ByteBufAllocator memory)
      throws LinuxException, InterruptedException {
    long held = Math.min(length, heldBytes - offset);
    if (held <= 0) {
      return List.of();
    }
    ByteBuf bytes = memory.directBuffer((int) held);
    try {
      int read = reader.readAndKeep(fd, offset, bytes.memoryAddress(), (int) held);
      var hashes = new ArrayList<Long>();
      for (int at = 0; at < read; at += BLOCK) {
        int end = Math.min(at + BLOCK, length);
        if (end <= read) {
          hashes.add(hash.hash64(bytes.memoryAddress() + at, end - at));
        }
      }
      return List.copyOf(hashes);
    } finally {
      bytes.release();
    }
  }

  /** Writes data. */
  @Override
  public void write(long offset, ByteBuf bytes, int position, int length) throws IOException {
    room.require(length);
    try {
      fd.writeAt(offset, bytes.memoryAddress() + position, length);
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, length) : e;
    }
    endBytes = Math.max(endBytes, offset + length);
  }

  /** How much was there already when it was opened, or when the present round began. */
  long heldBytes() {
    return heldBytes;
  }

  /**
   * Takes a range from the basis, sharing it where the file system can.
   *
   * @return false if the basis ends before
   */
  boolean copy(Fd from, long basisOffset, long offset, long length) throws IOException {
    try {
      boolean all = from.copyRange(basisOffset, fd, offset, length) == length;
      endBytes = Math.max(endBytes, offset + length);
      return all;
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, length) : e;
    }
  }

  /** Lets go of everything that was written. */
  void clear() throws LinuxException {
    fd.truncate(0);
    heldBytes = 0;
    endBytes = 0;
  }

  /** Makes a range read as zeros, without room where the file system can. */
  @Override
  public void hole(long offset, long length) throws IOException {
    long stale = Math.min(length, endBytes - offset);
    try {
      if (stale <= 0 || fd.punchHole(offset, stale)) {
        return;
      }
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, 0) : e;
    }
    ContentSink.zeros(this, offset, stale);
  }

  /**
   * Gives the file its final size and metadata; it is then ready to be renamed into place.
   *
   * @return how it is then
   */
  FileStatus complete(MetadataWriter writer, Metadata wanted, TreePath path) throws IOException {
    try {
      fd.truncate(wanted.sizeBytes());
      if ((wanted.permissions() & 07777) != 0600) {
        fd.chmod(MetadataWriter.permissionsAtBirth(wanted));
      }
      int flags = fd.inodeFlags() & InodeFlags.CARRIED;
      writer.complete(new Inode.Opened(fd), wanted, flags, Locking.LEAVE, path);
      return fd.status();
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, 0) : e;
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
