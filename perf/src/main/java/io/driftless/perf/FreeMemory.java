package io.driftless.perf;

import io.driftless.perf.process.Command;
import io.driftless.perf.process.KernelFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What nobody uses of this machine's memory. */
final class FreeMemory {
  private static final long WANTED_MIB = 3072;

  /** A file that has lost its name is gone with whoever has it open. */
  private static final String FILL =
      "exec 3>/dev/shm/driftless-bench-warm && rm /dev/shm/driftless-bench-warm"
          + " && head -c \"$1\"M /dev/zero >&3";

  private FreeMemory() {}

  /**
   * Has some of it written to, and let go again. The host of a virtual machine takes away what is
   * free for some seconds, and gives it back page by page, at several times the cost of filling it:
   * who comes first would pay for the others.
   */
  static void warm() throws IOException, InterruptedException {
    String memory = Files.readString(Path.of("/proc/meminfo"));
    long available = KernelFigures.bytes(memory, "MemAvailable") >> 20;
    long mebibytes = Math.min(WANTED_MIB, available / 4);
    Command.of("bash", "-c", FILL, "bash", String.valueOf(mebibytes)).run();
  }
}
