package io.driftless.protocol.linux;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file descriptor, and what can be done to the inode behind it.
 *
 * <p>Has one owner, who closes it; closing twice is harmless, using it afterwards is a bug and
 * throws {@link IllegalStateException}. Calls may come from several threads as long as none of them
 * runs while the owner closes: the number would be another file's.
 *
 * <p>Memory is given as a native address and a length, or as a native segment, and stays the
 * caller's. Reading and writing at an offset move no position.
 */
public final class Fd implements AutoCloseable {
  private static final VarHandle NUMBER = numberHandle();
  private static final int CLOSED = -1;

  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int LOCK_EXCLUSIVE_NOW = 2 | 4;
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1024;
  private static final int F_WRLCK = 1;
  private static final int RWF_DONTCACHE = 0x80;

  /** Nobody listens to it, and it does nothing. */
  private static final int SIGURG = 23;

  private static final long FICLONE = 0x40049409L;
  private static final long FICLONERANGE = 0x4020940dL;
  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;
  private static final long FS_IOC_GETVERSION = 0x80087601L;
  private static final long FS_IOC_GETFSUUID = 0x80111500L;
  private static final long XFS_IOC_FSGEOMETRY_V1 = 0x80705864L;

  private final Place place;
  private volatile int number;

  Fd(int number, Place place) {
    this.number = number;
    this.place = place;
  }

  private static VarHandle numberHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Fd.class, "number", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The kernel's number, for as long as it isn't closed. */
  public int number() {
    int open = number;
    if (open == CLOSED) {
      throw new IllegalStateException(place + " is closed");
    }
    return open;
  }

  // Content

  /**
   * Reads at an absolute offset until the memory is full or the file ends.
   *
   * @return bytes read; less than {@code length} only at the end of the file
   */
  public int readAt(long offset, long address, int length) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    int done = 0;
    while (done < length) {
      long count =
          Kernel.call(
              scratch, SystemCall.PREAD64, number(), address + done, length - done, offset + done);
      check(SystemCall.PREAD64, count);
      if (count == 0) {
        break;
      }
      done += (int) count;
    }
    return done;
  }

  /**
   * As {@link #readAt(long, long, int)}; what that brings into the page cache goes out again, and
   * what was there stays.
   *
   * @return -1 where the kernel or the file system can't; nothing was read
   */
  public int readInPassing(long offset, long address, int length) throws LinuxException {
    if (!KernelFeatures.ofThisKernel().dropsBehind()) {
      return -1;
    }
    Scratch scratch = Scratch.ofThisThread();
    int done = 0;
    while (done < length) {
      long vector = scratch.small(address + done, length - done, 0, 0);
      long at = offset + done;
      long count =
          Kernel.call(scratch, SystemCall.PREADV2, number(), vector, 1, at, 0, RWF_DONTCACHE);
      if (done == 0 && (Errno.EOPNOTSUPP.is(count) || Errno.EINVAL.is(count))) {
        return -1;
      }
      check(SystemCall.PREADV2, count);
      if (count == 0) {
        break;
      }
      done += (int) count;
    }
    return done;
  }

  /** As {@link #readAt(long, long, int)}, into a native segment. */
  public int readAt(long offset, MemorySegment into) throws LinuxException {
    try {
      return readAt(offset, addressOf(into), Math.toIntExact(into.byteSize()));
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  /** Writes all of it at an absolute offset. */
  public void writeAt(long offset, long address, int length) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    int done = 0;
    while (done < length) {
      long count =
          Kernel.call(
              scratch, SystemCall.PWRITE64, number(), address + done, length - done, offset + done);
      check(SystemCall.PWRITE64, count);
      done += (int) count;
    }
  }

  /** As {@link #writeAt(long, long, int)}, from a native segment. */
  public void writeAt(long offset, MemorySegment from) throws LinuxException {
    try {
      writeAt(offset, addressOf(from), Math.toIntExact(from.byteSize()));
    } finally {
      Reference.reachabilityFence(from);
    }
  }

  private static long addressOf(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("the kernel needs native memory, not " + segment);
    }
    return segment.address();
  }

  /** Cuts the file or extends it with a hole. */
  public void truncate(long size) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(SystemCall.FTRUNCATE, Kernel.call(scratch, SystemCall.FTRUNCATE, number(), size));
  }

  /**
   * Reserves room without changing the size.
   *
   * @return false where the file system can't
   */
  public boolean reserve(long offset, long length) throws LinuxException {
    return allocate(KEEP_SIZE, offset, length);
  }

  /**
   * Makes a range a hole that reads as zeros; the size stays.
   *
   * @return false where the file system can't
   */
  public boolean punchHole(long offset, long length) throws LinuxException {
    return allocate(KEEP_SIZE | PUNCH_HOLE, offset, length);
  }

  private boolean allocate(int mode, long offset, long length) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = Kernel.call(scratch, SystemCall.FALLOCATE, number(), mode, offset, length);
    if (Errno.EOPNOTSUPP.is(result)) {
      return false;
    }
    check(SystemCall.FALLOCATE, result);
    return true;
  }

  /** Where the next data begins at or after an offset, or -1 if only a hole follows. */
  public long nextData(long offset) throws LinuxException {
    return seek(offset, SEEK_DATA);
  }

  /**
   * Where the next hole begins at or after an offset (the end of the file counts as one), or -1
   * beyond the end.
   */
  public long nextHole(long offset) throws LinuxException {
    return seek(offset, SEEK_HOLE);
  }

  private long seek(long offset, int whence) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = Kernel.call(scratch, SystemCall.LSEEK, number(), offset, whence);
    if (Errno.ENXIO.is(result)) {
      return -1;
    }
    check(SystemCall.LSEEK, result);
    return result;
  }

  void seekToStart() throws LinuxException {
    seek(0, SEEK_SET);
  }

  /**
   * Copies a range to another file in the kernel, sharing extents where that is possible.
   *
   * @return bytes copied; less than {@code length} only at the end of this file
   * @throws LinuxException EXDEV, EINVAL or EOPNOTSUPP where the two file systems can't
   */
  public long copyRange(long offset, Fd into, long intoOffset, long length) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long done = 0;
    while (done < length) {
      long offsets = scratch.small(offset + done, intoOffset + done, 0, 0);
      long count =
          Kernel.call(
              scratch,
              SystemCall.COPY_FILE_RANGE,
              number(),
              offsets,
              into.number(),
              offsets + 8,
              length - done,
              0);
      check(SystemCall.COPY_FILE_RANGE, count);
      if (count == 0) {
        break;
      }
      done += count;
    }
    return done;
  }

  /**
   * Makes this file share all extents of another one.
   *
   * @return false where the file system can't share, or not between these two
   */
  public boolean cloneFrom(Fd source) throws LinuxException {
    return isCloned(ioctl(FICLONE, source.number()), "ioctl(FICLONE)");
  }

  /** As {@link #cloneFrom}, one range; offsets and length are multiples of the block size. */
  public boolean cloneRangeFrom(Fd source, long sourceOffset, long length, long offset)
      throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long range = scratch.small(source.number(), sourceOffset, length, offset);
    return isCloned(ioctl(FICLONERANGE, range), "ioctl(FICLONERANGE)");
  }

  private boolean isCloned(long result, String call) throws LinuxException {
    boolean cannot =
        Errno.EOPNOTSUPP.is(result)
            || Errno.EXDEV.is(result)
            || Errno.EINVAL.is(result)
            || Errno.ENOTTY.is(result);
    if (!cannot && result < 0) {
      throw new LinuxException(call, result, place);
    }
    return result == 0;
  }

  /** Advises the page cache; length 0 means to the end of the file. Never fails. */
  public void advise(long offset, long length, AccessPattern pattern) {
    Kernel.call(
        Scratch.ofThisThread(), SystemCall.FADVISE64, number(), offset, length, pattern.number);
  }

  // Durability

  /** Makes content and metadata of this inode durable. After an error nothing is known of it. */
  public void sync() throws LinuxException {
    sync(SystemCall.FSYNC);
  }

  /** As {@link #sync}, without metadata that isn't needed to read the content. */
  public void syncContent() throws LinuxException {
    sync(SystemCall.FDATASYNC);
  }

  /**
   * Makes everything on the file system durable.
   *
   * <p>Reports an error of writing back once per descriptor, and only if that was open when the
   * error happened: so keep one open.
   */
  public void syncFileSystem() throws LinuxException {
    sync(SystemCall.SYNCFS);
  }

  private void sync(SystemCall call) throws LinuxException {
    check(call, Kernel.call(Scratch.ofThisThread(), call, number()));
  }

  // Metadata

  public FileStatus status() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(SystemCall.STATX, StatusCall.fill(scratch, number()));
    return new FileStatus(scratch);
  }

  /** Changes owner and group; -1 leaves one as it is. Clears set-id bits and capabilities. */
  public void chown(int uid, int gid) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(SystemCall.FCHOWN, Kernel.call(scratch, SystemCall.FCHOWN, number(), uid, gid));
  }

  /** Changes the twelve permission bits. */
  public void chmod(int permissions) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(SystemCall.FCHMOD, Kernel.call(scratch, SystemCall.FCHMOD, number(), permissions));
  }

  public void setTimes(FileTimes times) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(
        SystemCall.UTIMENSAT,
        Kernel.call(scratch, SystemCall.UTIMENSAT, number(), 0, times.in(scratch), 0));
  }

  /** The names of the extended attributes. */
  public List<byte[]> attributes() throws LinuxException {
    return ExtendedAttributes.OF_DESCRIPTOR.list(number(), null, place);
  }

  /** The value of an extended attribute, or null where there is none of this name. */
  public byte @Nullable [] attribute(byte[] attribute) throws LinuxException {
    return ExtendedAttributes.OF_DESCRIPTOR.get(number(), null, attribute, place);
  }

  public void setAttribute(byte[] attribute, byte[] value) throws LinuxException {
    ExtendedAttributes.OF_DESCRIPTOR.set(number(), null, attribute, value, place);
  }

  /** Removes an extended attribute; false if there was none. */
  public boolean removeAttribute(byte[] attribute) throws LinuxException {
    return ExtendedAttributes.OF_DESCRIPTOR.remove(number(), null, attribute, place);
  }

  /** The inode flags, see {@link InodeFlags}; 0 where the file system knows none. */
  public int inodeFlags() throws LinuxException {
    return intOf(FS_IOC_GETFLAGS, "ioctl(FS_IOC_GETFLAGS)");
  }

  /**
   * Sets all inode flags. Read, change and set: flags of the file system's own are among them.
   *
   * @throws LinuxException unsupported where the file system doesn't know one of them
   */
  public void setInodeFlags(int flags) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = ioctl(FS_IOC_SETFLAGS, scratch.small(flags, 0, 0, 0));
    if (result < 0) {
      throw new LinuxException("ioctl(FS_IOC_SETFLAGS)", result, place);
    }
  }

  /** Tells inodes apart that had the same number one after the other; 0 where there is none. */
  public int generation() throws LinuxException {
    return intOf(FS_IOC_GETVERSION, "ioctl(FS_IOC_GETVERSION)");
  }

  /** These are declared with a long and transfer an int. */
  private int intOf(long request, String call) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = ioctl(request, scratch.small(0, 0, 0, 0));
    if (InodeFlags.isUnknown(result)) {
      return 0;
    }
    if (result < 0) {
      throw new LinuxException(call, result, place);
    }
    return (int) scratch.smallLong(0);
  }

  private long ioctl(long request, long argument) {
    return Kernel.call(Scratch.ofThisThread(), SystemCall.IOCTL, number(), request, argument);
  }

  // The whole

  /** Room and limits of the file system behind. */
  public FileSystem fileSystem() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(SystemCall.FSTATFS, Kernel.call(scratch, SystemCall.FSTATFS, number(), scratch.struct()));
    return FileSystem.of(scratch);
  }

  /**
   * What identifies the file system across reboots: {@code uuid:} and 32 hexadecimal digits, or
   * {@code fsid:} and 16 where the kernel doesn't tell its UUID.
   */
  public String fileSystemIdentity() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    return ioctl(FS_IOC_GETFSUUID, scratch.struct()) == 0
        ? uuid(scratch.structBytes(1, 16))
        : identityOnOldKernels();
  }

  /** Before 6.9. The id of xfs is its device number there, which may change at a reboot. */
  String identityOnOldKernels() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    FileSystem fileSystem = fileSystem();
    boolean isXfs = fileSystem.type() == FileSystem.XFS;
    return isXfs && ioctl(XFS_IOC_FSGEOMETRY_V1, scratch.struct()) == 0
        ? uuid(scratch.structBytes(64, 16))
        : "fsid:" + HexFormat.of().toHexDigits(fileSystem.id());
  }

  private static String uuid(byte[] bytes) {
    return "uuid:" + HexFormat.of().formatHex(bytes);
  }

  /** Locks against other processes until it is closed; false if one of them holds it. */
  public boolean tryLock() throws LinuxException {
    long result =
        Kernel.call(Scratch.ofThisThread(), SystemCall.FLOCK, number(), LOCK_EXCLUSIVE_NOW);
    if (Errno.EAGAIN.is(result)) {
      return false;
    }
    check(SystemCall.FLOCK, result);
    return true;
  }

  /**
   * Takes a lease on a regular file that was opened for writing: nobody else has it open or mapped,
   * and whoever wants to open it waits until this is closed, or for as long as the administrator
   * lets leases last ({@code fs.lease-break-time}, 45 s).
   *
   * @return false if somebody has it open, or the file system knows no leases
   */
  public boolean tryLease() throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(SystemCall.FCNTL, Kernel.call(scratch, SystemCall.FCNTL, number(), F_SETSIG, SIGURG));
    return Kernel.call(scratch, SystemCall.FCNTL, number(), F_SETLEASE, F_WRLCK) == 0;
  }

  private void check(SystemCall call, long result) throws LinuxException {
    if (result < 0) {
      throw new LinuxException(call, result, place);
    }
  }

  /**
   * Closes it. An error of closing is not an error of writing: what has to be durable is synced.
   */
  @Override
  public void close() {
    int open = (int) NUMBER.getAndSet(this, CLOSED);
    if (open != CLOSED) {
      Kernel.close(Scratch.ofThisThread(), open);
    }
  }

  /** Where it was opened, escaped for people. */
  @Override
  public String toString() {
    return place.toString();
  }
}
