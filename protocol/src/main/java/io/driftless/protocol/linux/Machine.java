package io.driftless.protocol.linux;

/** Which of the two machines this is: some numbers of the kernel differ between them. */
final class Machine {
  static final boolean IS_ARM = isArm(System.getProperty("os.name"), System.getProperty("os.arch"));

  private Machine() {}

  private static boolean isArm(String system, String architecture) {
    if (!system.equals("Linux")) {
      throw new UnsupportedOperationException("Driftless runs on Linux, not on " + system);
    }
    return switch (architecture) {
      case "amd64" -> false;
      case "aarch64" -> true;
      default ->
          throw new UnsupportedOperationException(
              "Driftless runs on x86_64 and aarch64, not on " + architecture);
    };
  }
}
