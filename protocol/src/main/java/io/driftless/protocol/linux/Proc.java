package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;

/** Files that the kernel makes up while they are read. */
final class Proc {
  private Proc() {}

  static byte[] read(String path) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    var place = new Place(path, TreePath.ROOT);
    long opened =
        Kernel.call(
            scratch,
            SystemCall.OPENAT,
            Kernel.NO_DIRECTORY,
            scratch.path(path.getBytes(US_ASCII)),
            OpenFlags.CLOSE_ON_EXEC,
            0);
    if (opened < 0) {
      throw new LinuxException(SystemCall.OPENAT, opened, place);
    }
    try (Fd file = new Fd((int) opened, place)) {
      var bytes = new ByteArrayOutputStream();
      MemorySegment large = scratch.large();
      while (true) {
        long count =
            Kernel.call(
                scratch, SystemCall.READ, file.number(), large.address(), Scratch.LARGE_BYTES);
        if (count < 0) {
          throw new LinuxException(SystemCall.READ, count, place);
        }
        if (count == 0) {
          return bytes.toByteArray();
        }
        bytes.writeBytes(large.asSlice(0, count).toArray(JAVA_BYTE));
      }
    }
  }
}
