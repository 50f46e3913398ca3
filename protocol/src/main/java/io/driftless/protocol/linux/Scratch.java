package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.driftless.protocol.tree.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One thread's native memory for the arguments and results of a call, reused by every call.
 *
 * <pre>
 *  0        256     320    584          848         1112   5216
 *  | struct | small | name | other name | attribute | path |
 * </pre>
 *
 * <p>What a call leaves here is valid until the thread's next call. The memory goes when the thread
 * has ended.
 */
final class Scratch {
  static final int PATH_BYTES = 4096;

  /** The most that the kernel gives for one list of attributes, one value or one reading. */
  static final int LARGE_BYTES = 64 * 1024;

  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private static final int SMALL = 256;
  private static final int NAME = 320;
  private static final int OTHER_NAME = 584;
  private static final int ATTRIBUTE = 848;
  private static final int PATH = 1112;
  private static final int END = PATH + PATH_BYTES + 8;
  private static final int LISTINGS_KEPT_MAX = 4;

  private final MemorySegment callState;
  private final MemorySegment memory;
  private final long address;
  private final byte[] nameBytes = new byte[Name.MAX_BYTES];
  private final ArrayDeque<DirectoryEntries.Buffer> listings = new ArrayDeque<>();
  private @Nullable MemorySegment large;

  private Scratch() {
    Arena arena = Arena.ofAuto();
    this.callState = arena.allocate(Kernel.CALL_STATE);
    this.memory = arena.allocate(END, 8);
    this.address = memory.address();
  }

  static Scratch ofThisThread() {
    return OF_THREAD.get();
  }

  MemorySegment callState() {
    return callState;
  }

  /** 256 bytes for what a call fills in. */
  long struct() {
    return address;
  }

  long structLong(int offset) {
    return memory.get(JAVA_LONG, offset);
  }

  int structInt(int offset) {
    return memory.get(JAVA_INT, offset);
  }

  int structShort(int offset) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT, offset));
  }

  byte[] structBytes(int offset, int length) {
    return memory.asSlice(offset, length).toArray(JAVA_BYTE);
  }

  /** Address of 64 bytes for what a call is told, here up to four longs. */
  long small(long first, long second, long third, long fourth) {
    memory.set(JAVA_LONG, SMALL, first);
    memory.set(JAVA_LONG, SMALL + 8, second);
    memory.set(JAVA_LONG, SMALL + 16, third);
    memory.set(JAVA_LONG, SMALL + 24, fourth);
    return address + SMALL;
  }

  long smallLong(int offset) {
    return memory.get(JAVA_LONG, SMALL + offset);
  }

  long small() {
    return address + SMALL;
  }

  long name(Name name) {
    return put(name, NAME);
  }

  /** For calls with two names. */
  long otherName(Name name) {
    return put(name, OTHER_NAME);
  }

  private long put(Name name, int at) {
    int length = name.length();
    name.copyTo(nameBytes, 0);
    MemorySegment.copy(nameBytes, 0, memory, JAVA_BYTE, at, length);
    memory.set(JAVA_BYTE, at + length, (byte) 0);
    return address + at;
  }

  /**
   * The name of an extended attribute.
   *
   * @throws IllegalArgumentException if it is none
   */
  long attribute(byte[] attribute) {
    if (attribute.length == 0 || attribute.length > 255) {
      throw new IllegalArgumentException(
          "the name of an attribute has 1 to 255 bytes: " + attribute.length);
    }
    return put(attribute, attribute.length, ATTRIBUTE);
  }

  /**
   * A path or the target of a link.
   *
   * @throws IllegalArgumentException if it is longer than the kernel takes or has a NUL
   */
  long path(byte[] path) {
    return path(path, 0, path.length);
  }

  long path(byte[] path, int offset, int length) {
    if (length > PATH_BYTES) {
      throw new IllegalArgumentException("path of %d bytes exceeds 4096".formatted(length));
    }
    byte[] part =
        offset == 0 && length == path.length
            ? path
            : Arrays.copyOfRange(path, offset, offset + length);
    return put(part, length, PATH);
  }

  private long put(byte[] bytes, int length, int at) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 0) {
        throw new IllegalArgumentException("NUL at byte %d of %d".formatted(i, length));
      }
    }
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, at, length);
    memory.set(JAVA_BYTE, at + length, (byte) 0);
    return address + at;
  }

  /** The magic link to an open descriptor, which leads to its inode and never further. */
  long descriptorPath(long number) {
    byte[] path = new byte[32];
    int at = path.length;
    long rest = number;
    do {
      path[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    byte[] prefix = DESCRIPTORS;
    System.arraycopy(prefix, 0, path, at - prefix.length, prefix.length);
    return path(path, at - prefix.length, path.length - at + prefix.length);
  }

  private static final byte[] DESCRIPTORS = {
    '/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'f', 'd', '/'
  };

  /** A buffer of {@link #LARGE_BYTES}, made when it is first wanted. */
  MemorySegment large() {
    if (large == null) {
      large = Arena.ofAuto().allocate(LARGE_BYTES, 8);
    }
    return large;
  }

  DirectoryEntries.Buffer borrowListing() {
    DirectoryEntries.Buffer buffer = listings.pollLast();
    return buffer == null ? new DirectoryEntries.Buffer() : buffer;
  }

  void giveBack(DirectoryEntries.Buffer buffer) {
    if (listings.size() < LISTINGS_KEPT_MAX) {
      listings.addLast(buffer);
    }
  }
}
