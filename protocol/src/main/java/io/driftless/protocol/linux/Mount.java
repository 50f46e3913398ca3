package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;

/**
 * Which mount a descriptor was reached through. The device alone wouldn't tell: a bind mount has
 * the same one, and a btrfs subvolume that isn't mounted has another.
 */
record Mount(Source source, long id) {
  private enum Source {
    STATX,
    /** Kernels before 5.8. */
    PROC,
    /** Neither: no proc mounted. Bind mounts of the same file system pass then. */
    DEVICE
  }

  static Mount of(Scratch scratch, long descriptor) {
    FileStatus status = StatusCall.ofDescriptor(scratch, descriptor);
    if (status == null) {
      return new Mount(Source.DEVICE, -1);
    }
    return status.hasMountId()
        ? new Mount(Source.STATX, status.mountId())
        : withoutStatx(scratch, descriptor, status.device());
  }

  /** The kernel's text has a line {@code mnt_id: 28}. */
  static Mount withoutStatx(Scratch scratch, long descriptor, long device) {
    String text = descriptorInfo(scratch, descriptor);
    int label = text.indexOf("mnt_id:");
    if (label < 0) {
      return new Mount(Source.DEVICE, device);
    }
    int end = text.indexOf('\n', label);
    return new Mount(Source.PROC, Long.parseLong(text.substring(label + 7, end).strip()));
  }

  private static String descriptorInfo(Scratch scratch, long descriptor) {
    byte[] path = ("/proc/self/fdinfo/" + descriptor).getBytes(US_ASCII);
    long info =
        Kernel.call(
            scratch,
            SystemCall.OPENAT,
            Kernel.NO_DIRECTORY,
            scratch.path(path),
            OpenFlags.CLOSE_ON_EXEC,
            0);
    if (info < 0) {
      return "";
    }
    MemorySegment large = scratch.large();
    long count = Kernel.call(scratch, SystemCall.READ, info, large.address(), Scratch.LARGE_BYTES);
    Kernel.close(scratch, info);
    return count <= 0 ? "" : new String(large.asSlice(0, count).toArray(JAVA_BYTE), US_ASCII);
  }

  boolean holds(Scratch scratch, long descriptor) {
    return equals(of(scratch, descriptor));
  }
}
