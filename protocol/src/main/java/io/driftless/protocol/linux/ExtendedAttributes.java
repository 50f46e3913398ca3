package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.driftless.protocol.tree.Name;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes, by the three ways in which an inode can be addressed. */
enum ExtendedAttributes {
  /** An open file or directory. */
  OF_DESCRIPTOR {
    @Override
    long list(Scratch scratch, long number, @Nullable Name name, long into) {
      return Kernel.call(scratch, SystemCall.FLISTXATTR, number, into, Scratch.LARGE_BYTES);
    }

    @Override
    long get(Scratch scratch, long number, @Nullable Name name, long attribute, long into) {
      return Kernel.call(
          scratch, SystemCall.FGETXATTR, number, attribute, into, Scratch.LARGE_BYTES);
    }

    @Override
    long set(
        Scratch scratch, long number, @Nullable Name name, long attribute, long value, int size) {
      return Kernel.call(scratch, SystemCall.FSETXATTR, number, attribute, value, size, 0);
    }

    @Override
    long remove(Scratch scratch, long number, @Nullable Name name, long attribute) {
      return Kernel.call(scratch, SystemCall.FREMOVEXATTR, number, attribute);
    }
  },

  /** An entry of any kind in a directory; the number is the directory's. */
  OF_LEAF {
    @Override
    long list(Scratch scratch, long number, @Nullable Name name, long into) {
      long entry = leaf(scratch, name);
      return Kernel.call(
          scratch,
          SystemCall.LISTXATTRAT,
          number,
          entry,
          SYMLINK_NOFOLLOW,
          into,
          Scratch.LARGE_BYTES);
    }

    @Override
    long get(Scratch scratch, long number, @Nullable Name name, long attribute, long into) {
      long entry = leaf(scratch, name);
      long arguments = scratch.small(into, Scratch.LARGE_BYTES, 0, 0);
      return Kernel.call(
          scratch,
          SystemCall.GETXATTRAT,
          number,
          entry,
          SYMLINK_NOFOLLOW,
          attribute,
          arguments,
          ARGUMENT_BYTES);
    }

    @Override
    long set(
        Scratch scratch, long number, @Nullable Name name, long attribute, long value, int size) {
      long entry = leaf(scratch, name);
      long arguments = scratch.small(value, size, 0, 0);
      return Kernel.call(
          scratch,
          SystemCall.SETXATTRAT,
          number,
          entry,
          SYMLINK_NOFOLLOW,
          attribute,
          arguments,
          ARGUMENT_BYTES);
    }

    @Override
    long remove(Scratch scratch, long number, @Nullable Name name, long attribute) {
      long entry = leaf(scratch, name);
      return Kernel.call(
          scratch, SystemCall.REMOVEXATTRAT, number, entry, SYMLINK_NOFOLLOW, attribute);
    }

    private static long leaf(Scratch scratch, @Nullable Name name) {
      if (name == null) {
        throw new IllegalArgumentException("an entry needs a name");
      }
      return scratch.name(name);
    }
  },

  /** What a reference stands for, also a symbolic link, through its magic link in /proc. */
  OF_REFERENCE {
    @Override
    long list(Scratch scratch, long number, @Nullable Name name, long into) {
      long path = scratch.descriptorPath(number);
      return Kernel.call(scratch, SystemCall.LISTXATTR, path, into, Scratch.LARGE_BYTES);
    }

    @Override
    long get(Scratch scratch, long number, @Nullable Name name, long attribute, long into) {
      long path = scratch.descriptorPath(number);
      return Kernel.call(scratch, SystemCall.GETXATTR, path, attribute, into, Scratch.LARGE_BYTES);
    }

    @Override
    long set(
        Scratch scratch, long number, @Nullable Name name, long attribute, long value, int size) {
      long path = scratch.descriptorPath(number);
      return Kernel.call(scratch, SystemCall.SETXATTR, path, attribute, value, size, 0);
    }

    @Override
    long remove(Scratch scratch, long number, @Nullable Name name, long attribute) {
      long path = scratch.descriptorPath(number);
      return Kernel.call(scratch, SystemCall.REMOVEXATTR, path, attribute);
    }
  };

  private static final int SYMLINK_NOFOLLOW = 0x100;

  /** Size of {@code struct xattr_args}: value(8), size(4), flags(4). */
  private static final int ARGUMENT_BYTES = 16;

  abstract long list(Scratch scratch, long number, @Nullable Name name, long into);

  abstract long get(Scratch scratch, long number, @Nullable Name name, long attribute, long into);

  abstract long set(
      Scratch scratch, long number, @Nullable Name name, long attribute, long value, int size);

  abstract long remove(Scratch scratch, long number, @Nullable Name name, long attribute);

  /** All names; none where the file system has no attributes. */
  List<byte[]> list(long number, @Nullable Name name, Place place) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    MemorySegment large = scratch.large();
    long length = list(scratch, number, name, large.address());
    if (length == 0 || Errno.EOPNOTSUPP.is(length)) {
      return List.of();
    }
    check("listxattr", length, name, place);
    return split(large.asSlice(0, length).toArray(JAVA_BYTE));
  }

  private static List<byte[]> split(byte[] terminated) {
    var names = new ArrayList<byte[]>();
    int start = 0;
    for (int i = 0; i < terminated.length; i++) {
      if (terminated[i] == 0) {
        names.add(java.util.Arrays.copyOfRange(terminated, start, i));
        start = i + 1;
      }
    }
    return names;
  }

  byte @Nullable [] get(long number, @Nullable Name name, byte[] attribute, Place place)
      throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    MemorySegment large = scratch.large();
    long length = get(scratch, number, name, scratch.attribute(attribute), large.address());
    if (Errno.ENODATA.is(length) || Errno.EOPNOTSUPP.is(length)) {
      return null;
    }
    check("getxattr", length, name, place);
    return large.asSlice(0, length).toArray(JAVA_BYTE);
  }

  void set(long number, @Nullable Name name, byte[] attribute, byte[] value, Place place)
      throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    if (value.length > Scratch.LARGE_BYTES) {
      check("setxattr", -Errno.E2BIG.number(), name, place);
    }
    MemorySegment large = scratch.large();
    MemorySegment.copy(value, 0, large, JAVA_BYTE, 0, value.length);
    long key = scratch.attribute(attribute);
    check("setxattr", set(scratch, number, name, key, large.address(), value.length), name, place);
  }

  boolean remove(long number, @Nullable Name name, byte[] attribute, Place place)
      throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = remove(scratch, number, name, scratch.attribute(attribute));
    if (Errno.ENODATA.is(result)) {
      return false;
    }
    check("removexattr", result, name, place);
    return true;
  }

  private static void check(String call, long result, @Nullable Name name, Place place)
      throws LinuxException {
    if (result < 0) {
      throw new LinuxException(call, result, name == null ? place : place.resolve(name));
    }
  }
}
