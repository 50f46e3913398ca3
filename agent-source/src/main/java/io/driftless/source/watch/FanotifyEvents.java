package io.driftless.source.watch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.driftless.protocol.linux.Fanotify;
import io.driftless.protocol.linux.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor over events of fanotify. Nothing is allocated for an event.
 *
 * <pre>
 * struct fanotify_event_metadata, native order
 *  0: event_len(4)  4: vers(1)  6: metadata_len(2)  8: mask(8)  16: fd(4)  20: pid(4)
 * struct fanotify_event_info_fid, any number of them after it
 *  0: info_type(1)  2: len(2)  4: fsid(8)  12: struct file_handle, name, NUL, padding
 * struct file_handle
 *  0: handle_bytes(4)  4: handle_type(4)  8: the bytes
 * </pre>
 */
final class FanotifyEvents {
  /** Where a handle and a name are in the buffer. */
  static final class Entry {
    private boolean isThere;
    private int handleAt;
    private int handleLength;
    private int nameAt;
    private int nameLength;

    boolean isThere() {
      return isThere;
    }

    /** Of the whole {@code struct file_handle}. */
    int handleAt() {
      return handleAt;
    }

    int handleLength() {
      return handleLength;
    }

    int nameAt() {
      return nameAt;
    }

    /** 0 where there is no name. */
    int nameLength() {
      return nameLength;
    }
  }

  static final int BUFFER_BYTES = 256 * 1024;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private static final int METADATA_BYTES = 24;
  private static final int VERSION = 3;
  private static final int INFO_BYTES = 12;
  private static final int HANDLE_HEADER_BYTES = 8;
  private static final int HANDLE_BYTES_MAX = 128;

  private static final int OF_INODE = 1;
  private static final int OF_DIRECTORY_AND_NAME = 2;
  private static final int OF_DIRECTORY = 3;
  private static final int OLD_NAME = 10;
  private static final int NEW_NAME = 12;

  private final MemorySegment memory = Arena.ofAuto().allocate(BUFFER_BYTES, 8);
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final Entry named = new Entry();
  private final Entry old = new Entry();
  private final Entry renamed = new Entry();
  private final Entry inode = new Entry();
  private int next;
  private int end;
  private long mask;
  private boolean isMalformed;

  /** Takes events out of a queue; false if there were none. */
  boolean read(Fanotify queue) throws LinuxException {
    int count = queue.read(memory);
    MemorySegment.copy(memory, JAVA_BYTE, 0, bytes, 0, count);
    next = 0;
    end = count;
    return count > 0;
  }

  /** For tests: events from elsewhere. */
  void take(byte[] from) {
    System.arraycopy(from, 0, bytes, 0, from.length);
    MemorySegment.copy(from, 0, memory, JAVA_BYTE, 0, from.length);
    next = 0;
    end = from.length;
  }

  /** Moves to the next event; false if there is none. */
  boolean next() {
    if (next >= end) {
      return false;
    }
    isMalformed = false;
    named.isThere = false;
    old.isThere = false;
    renamed.isThere = false;
    inode.isThere = false;
    int start = next;
    if (end - start < METADATA_BYTES) {
      return giveUp();
    }
    int length = (int) INT.get(bytes, start);
    int header = Short.toUnsignedInt((short) SHORT.get(bytes, start + 6));
    boolean fits = header >= METADATA_BYTES && length >= header && length <= end - start;
    if (!fits || bytes[start + 4] != VERSION) {
      return giveUp();
    }
    mask = (long) LONG.get(bytes, start + 8);
    next = start + length;
    takeApart(start + header, next);
    return true;
  }

  /** What follows can't be told apart any more. */
  private boolean giveUp() {
    isMalformed = true;
    mask = 0;
    next = end;
    return true;
  }

  private void takeApart(int from, int limit) {
    int at = from;
    while (at < limit) {
      int length = limit - at < 4 ? 0 : Short.toUnsignedInt((short) SHORT.get(bytes, at + 2));
      if (length < 4 || length > limit - at) {
        isMalformed = true;
        return;
      }
      switch (bytes[at]) {
        case OF_INODE -> take(inode, at, length);
        case OF_DIRECTORY_AND_NAME, OF_DIRECTORY -> take(named, at, length);
        case OLD_NAME -> take(old, at, length);
        case NEW_NAME -> take(renamed, at, length);
        default -> {} // the kernel may tell more than is wanted
      }
      at += length;
    }
  }

  private void take(Entry entry, int at, int length) {
    int handleAt = at + INFO_BYTES;
    int limit = at + length;
    if (length < INFO_BYTES + HANDLE_HEADER_BYTES) {
      isMalformed = true;
      return;
    }
    int handleBytes = (int) INT.get(bytes, handleAt);
    if (handleBytes < 0
        || handleBytes > HANDLE_BYTES_MAX
        || handleBytes > limit - handleAt - HANDLE_HEADER_BYTES) {
      isMalformed = true;
      return;
    }
    entry.isThere = true;
    entry.handleAt = handleAt;
    entry.handleLength = HANDLE_HEADER_BYTES + handleBytes;
    entry.nameAt = handleAt + entry.handleLength;
    entry.nameLength = 0;
    while (entry.nameAt + entry.nameLength < limit && bytes[entry.nameAt + entry.nameLength] != 0) {
      entry.nameLength++;
    }
  }

  /** The event can't be understood: anything may have happened. */
  boolean isMalformed() {
    return isMalformed;
  }

  long mask() {
    return mask;
  }

  boolean has(long bits) {
    return (mask & bits) != 0;
  }

  /** The directory and the name, {@code .} for the directory itself. */
  Entry named() {
    return named;
  }

  /** What a renamed entry was called. */
  Entry old() {
    return old;
  }

  /** What a renamed entry is called. */
  Entry renamed() {
    return renamed;
  }

  /** The inode itself. */
  Entry inode() {
    return inode;
  }

  /** What the offsets are in; changes with the next reading. */
  byte[] bytes() {
    return bytes;
  }

  /** The address of an offset, in native memory. */
  long addressOf(int offset) {
    return memory.address() + offset;
  }
}
