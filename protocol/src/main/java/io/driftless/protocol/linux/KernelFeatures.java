package io.driftless.protocol.linux;

/**
 * Which of the newer calls can be used. Found by trying, since distributions port calls back and
 * sandboxes forbid them.
 *
 * @param confinedOpen openat2, kernel 5.6
 * @param modeOfLeaf fchmodat2, kernel 6.6
 * @param attributesOfLeaf setxattrat and its siblings, kernel 6.13
 * @param flagsOfLeaf file_getattr, kernel 6.17
 */
record KernelFeatures(
    boolean confinedOpen, boolean modeOfLeaf, boolean attributesOfLeaf, boolean flagsOfLeaf) {
  /** The oldest kernel: every fallback is used. */
  static final KernelFeatures NONE = new KernelFeatures(false, false, false, false);

  static KernelFeatures ofThisKernel() {
    return Probed.FEATURES;
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
          isKnown(
              Kernel.call(scratch, SystemCall.FILE_GETATTR, -1, name, scratch.struct(), 24, 0)));
    }

    /** A call that exists complains of the descriptor -1. */
    private static boolean isKnown(long result) {
      return Errno.EBADF.is(result);
    }
  }
}
