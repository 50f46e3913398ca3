package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the newer calls can be used. Found by trying, since distributions port calls back and
 * sandboxes forbid them.
 *
 * @param confinedOpen openat2, kernel 5.6
 * @param modeOfLeaf fchmodat2, kernel 6.6
 * @param attributesOfLeaf setxattrat and its siblings, kernel 6.13
 * @param flagsOfLeaf file_getattr, kernel 6.17
 * @param dropsBehind preadv2 with RWF_DONTCACHE; 6.14 has it, but may drop a page there that is
 *     being written back, which corrupts memory: mended in 6.16, and not to be found by trying
 */
record KernelFeatures(
    boolean confinedOpen,
    boolean modeOfLeaf,
    boolean attributesOfLeaf,
    boolean flagsOfLeaf,
    boolean dropsBehind) {
  /** The oldest kernel: every fallback is used. */
  static final KernelFeatures NONE = new KernelFeatures(false, false, false, false, false);

  private static final Pattern RELEASE = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

  static KernelFeatures ofThisKernel() {
    return Probed.FEATURES;
  }

  /** Whether a kernel that calls itself so has at least this version. */
  static boolean isAtLeast(int major, int minor, String release) {
    Matcher version = RELEASE.matcher(release);
    if (!version.matches()) {
      return false;
    }
    int itsMajor = Integer.parseInt(version.group(1));
    int itsMinor = Integer.parseInt(version.group(2));
    return itsMajor > major || itsMajor == major && itsMinor >= minor;
  }

  private static final class Probed {
    static final KernelFeatures FEATURES = probe();

    private static KernelFeatures probe() {
      Scratch scratch = Scratch.ofThisThread();
      long name = scratch.path(new byte[] {'x'});
      long how = scratch.small(OpenFlags.PATH_ONLY, 0, 0, 0);
      return new KernelFeatures(
          isKnown(Kernel.call(scratch, SystemCall.OPENAT2, -1, name, how, 24)),
          isKnown(Kernel.call(scratch, SystemCall.FCHMODAT2, -1, name, 0, 0)),
          isKnown(Kernel.call(scratch, SystemCall.LISTXATTRAT, -1, name, 0, 0, 0)),
          isKnown(Kernel.call(scratch, SystemCall.FILE_GETATTR, -1, name, scratch.struct(), 24, 0)),
          isAtLeast(6, 16, release()) && isKnown(Kernel.call(scratch, SystemCall.PREADV2, -1)));
    }

    private static String release() {
      try {
        return new String(Proc.read("/proc/sys/kernel/osrelease"), US_ASCII).strip();
      } catch (LinuxException e) {
        return "";
      }
    }

    /** A call that exists complains of the descriptor -1. */
    private static boolean isKnown(long result) {
      return Errno.EBADF.is(result);
    }
  }
}
