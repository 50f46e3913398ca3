package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the entries of a directory, in the file system's order, without {@code .} and
 * {@code ..}. Confined to one thread at a time.
 *
 * <p>As always with directories: an entry that comes or goes meanwhile may be seen or not. Reading
 * has its place in the directory's descriptor, so a directory has one cursor at a time.
 *
 * <pre>
 * struct linux_dirent64, native order
 *  0: ino(8)  8: off(8)  16: reclen(2)  18: type(1)  19: name, NUL
 * </pre>
 */
public final class DirectoryEntries implements AutoCloseable {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
  private static final int LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  /** Memory for one reading, and the same on the heap, where it is taken apart. */
  static final class Buffer {
    final MemorySegment segment = Arena.ofAuto().allocate(Scratch.LARGE_BYTES, 8);
    final byte[] bytes = new byte[Scratch.LARGE_BYTES];
  }

  private final Directory directory;
  private @Nullable Buffer buffer;
  private int next;
  private int end;
  private int nameAt;
  private int nameLength;
  private int type;
  private long inode;

  DirectoryEntries(Directory directory) {
    this.directory = directory;
    this.buffer = Scratch.ofThisThread().borrowListing();
  }

  /**
   * Moves to the next entry.
   *
   * @return false at the end
   * @throws LinuxException if the directory can't be read further; then it was not read completely
   */
  public boolean next() throws LinuxException {
    Buffer at = opened();
    while (next < end || refill(at)) {
      byte[] bytes = at.bytes;
      int start = next;
      next += Short.toUnsignedInt((short) SHORT.get(bytes, start + LENGTH));
      nameAt = start + NAME;
      nameLength = lengthOfName(bytes, nameAt, next);
      type = bytes[start + TYPE];
      inode = (long) LONG.get(bytes, start);
      if (!leadsElsewhere(bytes)) {
        return true;
      }
    }
    return false;
  }

  private boolean refill(Buffer into) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long count =
        Kernel.call(
            scratch,
            SystemCall.GETDENTS64,
            directory.fd().number(),
            into.segment.address(),
            Scratch.LARGE_BYTES);
    if (count < 0) {
      throw new LinuxException(SystemCall.GETDENTS64, count, directory.place());
    }
    next = 0;
    end = (int) count;
    MemorySegment.copy(into.segment, JAVA_BYTE, 0, into.bytes, 0, end);
    return end > 0;
  }

  private static int lengthOfName(byte[] bytes, int from, int limit) {
    int at = from;
    while (at < limit && bytes[at] != 0) {
      at++;
    }
    return at - from;
  }

  private boolean leadsElsewhere(byte[] bytes) {
    return bytes[nameAt] == '.' && (nameLength == 1 || nameLength == 2 && bytes[nameAt + 1] == '.');
  }

  public Name name() {
    return Name.of(opened().bytes, nameAt, nameLength);
  }

  /** The hash of {@link #name}, which need not be made for it. */
  public long nameHash(SeededHash hash) {
    return hash.hash64(opened().bytes, nameAt, nameLength);
  }

  /**
   * The status of the entry, as {@link Directory#statusIfPresent} has it. The name is that in the
   * kernel's answer, which is no path: the kernel refuses a listing with a slash in a name.
   */
  public @Nullable FileStatus statusIfPresent() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long name = opened().segment.address() + nameAt;
    long result = StatusCall.fill(scratch, directory.fd().number(), name);
    if (result == 0) {
      return new FileStatus(scratch);
    }
    if (Errno.ENOENT.is(result)) {
      return null;
    }
    throw directory.failure(SystemCall.STATX, result, name());
  }

  /** What the entry is, or null where the file system doesn't say; then ask for its status. */
  public @Nullable Kind kind() {
    return switch (type) {
      case 1, 2, 4, 6, 8, 10, 12 -> Kind.ofCode(type);
      default -> null;
    };
  }

  /** Of a mount point: the inode below the mount. */
  public long inode() {
    return inode;
  }

  /** Starts again at the first entry. */
  public void rewind() throws LinuxException {
    opened();
    next = 0;
    end = 0;
    directory.rewind();
  }

  private Buffer opened() {
    if (buffer == null) {
      throw new IllegalStateException("the listing of " + directory.place() + " is closed");
    }
    return buffer;
  }

  @Override
  public void close() {
    if (buffer != null) {
      Scratch.ofThisThread().giveBack(buffer);
      buffer = null;
    }
  }
}
