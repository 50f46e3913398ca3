package io.driftless.protocol.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the process may do and how it creates files. */
public final class ThisProcess {
  /** Capabilities that the agents need, by the kernel's number. */
  public enum Capability {
    CHOWN(0),
    DAC_OVERRIDE(1),
    DAC_READ_SEARCH(2),
    FOWNER(3),
    FSETID(4),
    LINUX_IMMUTABLE(9),
    SYS_ADMIN(21),
    SYS_NICE(23),
    MKNOD(27),
    SETFCAP(31);

    private final int number;

    Capability(int number) {
      this.number = number;
    }
  }

  private static final int VERSION_3 = 0x20080522;

  private ThisProcess() {}

  /** From now on files are created with exactly the permissions that are asked for. */
  public static void clearUmask() {
    setUmask(0);
  }

  /**
   * Which permissions files that are created never have, from now on.
   *
   * @return which they did not have before
   */
  public static int setUmask(int mask) {
    return (int) Kernel.call(Scratch.ofThisThread(), SystemCall.UMASK, mask);
  }

  /** Differs each time that this machine has been started; null where nobody knows. */
  public static @Nullable String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return null;
    }
  }

  public static int effectiveUid() {
    return (int) Kernel.call(Scratch.ofThisThread(), SystemCall.GETEUID, 0);
  }

  public static int effectiveGid() {
    return (int) Kernel.call(Scratch.ofThisThread(), SystemCall.GETEGID, 0);
  }

  /** Tells whether the calling thread has a capability in effect. */
  public static boolean has(Capability capability) {
    Scratch scratch = Scratch.ofThisThread();
    long header = scratch.small(VERSION_3, 0, 0, 0);
    long result = Kernel.call(scratch, SystemCall.CAPGET, header, scratch.struct());
    return result == 0 && (scratch.structInt(0) >>> capability.number & 1) != 0;
  }
}
