package io.driftless.target.stage;

import io.driftless.protocol.linux.DeviceNumber;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.MetadataWriter.Locking;
import java.io.IOException;
import java.lang.ref.Reference;

/** Makes complete entries where nobody sees them yet. Thread-safe. */
public final class EntryStager {
  private static final long MAJOR_MAX = 0xfff;
  private static final long MINOR_MAX = 0xfffff;

  private final MetadataWriter writer;
  private final Room room;

  public EntryStager(MetadataWriter writer, Room room) {
    this.writer = writer;
    this.room = room;
  }

  /**
   * Where an entry is made.
   *
   * @param directory the stage, or a directory in it
   * @param name that it gets there
   * @param path that it will have in the volume, for problems
   */
  public record Spot(Directory directory, Name name, TreePath path, Locking locking) {}

  /**
   * Makes a small file with its content.
   *
   * @throws NoRoomException and nothing is left of it
   * @throws LinuxException EEXIST if the spot is taken
   */
  public void file(Spot spot, Metadata wanted, SmallContent content) throws IOException {
    room.require(wanted.sizeBytes());
    Fd made = create(spot, wanted);
    try (made) {
      int flags = MetadataWriter.setFlagsAtBirth(made, wanted.flags());
      write(made, wanted.sizeBytes(), content);
      writer.complete(new Inode.Opened(made), wanted, flags, spot.locking, spot.path);
    } catch (LinuxException e) {
      throw undone(spot, wanted.sizeBytes(), e);
    }
  }

  private Fd create(Spot spot, Metadata wanted) throws IOException {
    try {
      return spot.directory.create(spot.name, MetadataWriter.permissionsAtBirth(wanted));
    } catch (LinuxException e) {
      throw e.isNoRoom() ? room.refused(e, wanted.sizeBytes()) : e;
    }
  }

  private static void write(Fd file, long size, SmallContent content) throws LinuxException {
    long address = content.bytes().memoryAddress() + content.position();
    long end = 0;
    int[] offsets = content.offsets();
    for (int i = 0; i < offsets.length; i++) {
      int length = content.lengths()[i];
      file.writeAt(offsets[i], address, length);
      address += length;
      end = (long) offsets[i] + length;
    }
    Reference.reachabilityFence(content);
    if (end < size) {
      file.truncate(size);
    }
  }

  /** Makes a symbolic link, a device, a pipe or a socket. */
  public void special(Spot spot, Metadata wanted) throws IOException {
    room.require(0);
    boolean made = false;
    try {
      make(spot, wanted);
      made = true;
      var inode = new Inode.Named(spot.directory, spot.name, wanted.kind());
      writer.complete(inode, wanted, wanted.flags(), spot.locking, spot.path);
    } catch (LinuxException e) {
      if (made) {
        throw undone(spot, 0, e);
      }
      throw e.isNoRoom() ? room.refused(e, 0) : e;
    }
  }

  /** Tells whether an entry has a device number that this kernel knows, or needs none. */
  public static boolean canMake(Metadata wanted) {
    return wanted.device() >>> 32 <= MAJOR_MAX && (wanted.device() & 0xffff_ffffL) <= MINOR_MAX;
  }

  private static void make(Spot spot, Metadata wanted) throws LinuxException {
    int permissions = MetadataWriter.permissionsAtBirth(wanted);
    switch (wanted.kind()) {
      case SYMLINK -> spot.directory.makeSymlink(spot.name, wanted.linkTarget().toBytes());
      case FIFO, SOCKET -> spot.directory.makeSpecial(spot.name, wanted.kind(), permissions);
      case CHARACTER_DEVICE, BLOCK_DEVICE -> {
        var number = new DeviceNumber((int) (wanted.device() >>> 32), (int) wanted.device());
        spot.directory.makeDevice(spot.name, wanted.kind(), permissions, number);
      }
      case REGULAR, DIRECTORY ->
          throw new IllegalArgumentException("a " + wanted.kind() + " is made otherwise");
    }
  }

  /** Makes a copy of a regular file of the volume, with other metadata. */
  public void copy(Spot spot, Fd original, Metadata wanted) throws IOException {
    room.require(wanted.sizeBytes());
    Fd made = create(spot, wanted);
    try (made) {
      int flags = MetadataWriter.setFlagsAtBirth(made, wanted.flags());
      if (!made.cloneFrom(original)) {
        copyData(original, made, wanted.sizeBytes());
      }
      made.truncate(wanted.sizeBytes());
      writer.complete(new Inode.Opened(made), wanted, flags, spot.locking, spot.path);
    } catch (LinuxException e) {
      throw undone(spot, wanted.sizeBytes(), e);
    }
  }

  private static void copyData(Fd from, Fd to, long size) throws LinuxException {
    long at = from.nextData(0);
    while (at >= 0 && at < size) {
      long end = Math.min(size, from.nextHole(at));
      from.copyRange(at, to, at, end - at);
      at = from.nextData(end);
    }
  }

  private IOException undone(Spot spot, long bytes, LinuxException failure) {
    try {
      spot.directory.remove(spot.name);
    } catch (LinuxException e) {
      failure.addSuppressed(e);
    }
    return failure.isNoRoom() ? room.refused(failure, bytes) : failure;
  }

  /** Tells whether an entry of this kind is made at once, without content. */
  public static boolean isSpecial(Kind kind) {
    return kind != Kind.REGULAR && kind != Kind.DIRECTORY;
  }
}
