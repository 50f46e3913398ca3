package io.driftless.target.stage;

import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Changes a file where it lies. Confined to one thread. */
final class Patch implements ContentSink {
  private final Fd file;

  Patch(Fd file) {
    this.file = file;
  }

  @Override
  public void write(long offset, ByteBuf bytes, int position, int length) throws LinuxException {
    file.writeAt(offset, bytes.memoryAddress() + position, length);
  }

  @Override
  public void hole(long offset, long length) throws IOException {
    long stale = Math.min(length, file.status().size() - offset);
    if (stale > 0 && !file.punchHole(offset, stale)) {
      ContentSink.zeros(this, offset, stale);
    }
  }

  /** Makes sure that there is room for the changes of a journal before any of them is made. */
  static final class Reservation implements ContentSink {
    private final Fd file;
    private final long allocatedBytes;
    private boolean isPossible = true;

    /**
     * @param file that is to be changed
     * @param allocatedBytes from its beginning on, as far as nothing has to be reserved
     */
    Reservation(Fd file, long allocatedBytes) {
      this.file = file;
      this.allocatedBytes = allocatedBytes;
    }

    /** False where the file system can't reserve anything. */
    boolean isPossible() {
      return isPossible;
    }

    @Override
    public void write(long offset, ByteBuf bytes, int position, int length) throws LinuxException {
      if (offset + length > allocatedBytes && isPossible) {
        isPossible = reserve(offset, length);
      }
    }

    private boolean reserve(long offset, long length) throws LinuxException {
      try {
        return file.reserve(offset, length);
      } catch (LinuxException e) {
        if (e.errno() == Errno.ENOSYS || e.errno() == Errno.EINVAL) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public void hole(long offset, long length) {}
  }
}
