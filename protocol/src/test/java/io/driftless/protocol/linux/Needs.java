package io.driftless.protocol.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. Where it is missing the test is skipped with the reason,
 * except under {@code CI=true}: there it fails, so that nothing goes untested unnoticed.
 */
public final class Needs {
  private static final boolean IS_OBLIGED = "true".equals(System.getenv("CI"));

  private Needs() {}

  public static void root() {
    that(ThisProcess.effectiveUid() == 0, "root");
  }

  /** Programs on the path or in the usual places of administrators. */
  public static void tools(String... names) {
    for (String name : names) {
      that(isInstalled(name), "the program " + name);
    }
  }

  public static void that(boolean isThere, String what) {
    if (!isThere && IS_OBLIGED) {
      throw new AssertionError("this test needs " + what + ", and CI=true forbids to skip it");
    }
    Assumptions.assumeTrue(isThere, "needs " + what);
  }

  private static boolean isInstalled(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
    return Stream.of(path.split(":"))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }
}
