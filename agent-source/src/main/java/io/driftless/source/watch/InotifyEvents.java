package io.driftless.source.watch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.driftless.protocol.linux.Inotify;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor over events of inotify.
 *
 * <pre>
 * struct inotify_event, native order
 *  0: wd(4)  4: mask(4)  8: cookie(4)  12: len(4)  16: name, NULs up to len
 * </pre>
 */
final class InotifyEvents {
  static final int BUFFER_BYTES = 64 * 1024;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final int HEADER_BYTES = 16;

  private final MemorySegment memory = Arena.ofAuto().allocate(BUFFER_BYTES, 8);
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private int next;
  private int end;
  private int watch;
  private int mask;
  private int cookie;
  private int nameAt;
  private int nameLength;

  /** Takes events out of a queue; returns how many bytes, 0 if there were none. */
  int read(Inotify queue) throws LinuxException {
    int count = queue.read(memory);
    MemorySegment.copy(memory, JAVA_BYTE, 0, bytes, 0, count);
    next = 0;
    end = count;
    return count;
  }

  /** For tests: events from elsewhere. */
  void take(byte[] from) {
    System.arraycopy(from, 0, bytes, 0, from.length);
    next = 0;
    end = from.length;
  }

  /** Moves to the next event; false if there is none. What can't be understood is an overflow. */
  boolean next() {
    if (next >= end) {
      return false;
    }
    int start = next;
    int length = end - start < HEADER_BYTES ? -1 : (int) INT.get(bytes, start + 12);
    if (length < 0 || length > end - start - HEADER_BYTES) {
      watch = -1;
      mask = Inotify.OVERFLOW;
      next = end;
      return true;
    }
    watch = (int) INT.get(bytes, start);
    mask = (int) INT.get(bytes, start + 4);
    cookie = (int) INT.get(bytes, start + 8);
    nameAt = start + HEADER_BYTES;
    next = nameAt + length;
    nameLength = 0;
    while (nameLength < length && bytes[nameAt + nameLength] != 0) {
      nameLength++;
    }
    return true;
  }

  int watch() {
    return watch;
  }

  boolean has(int bits) {
    return (mask & bits) != 0;
  }

  /** The same for both sides of a renaming. */
  int cookie() {
    return cookie;
  }

  /** Otherwise it is about the directory itself. */
  boolean hasName() {
    return nameLength > 0;
  }

  Name name() {
    return Name.of(bytes, nameAt, nameLength);
  }
}
