package io.driftless.trial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A tree with entries of every kind and with every attribute; see {@code variety.sh}. */
final class VarietyTree {
  private VarietyTree() {}

  /** Fills an empty directory. */
  static void fill(Path root, long seed, Path scratch) throws IOException {
    Path script = scratch.resolve("variety.sh");
    try (InputStream in = VarietyTree.class.getResourceAsStream("variety.sh")) {
      if (in == null) {
        throw new IOException("variety.sh is missing from the test resources");
      }
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    new Shell(scratch).output("bash", script.toString(), root.toString(), Long.toString(seed));
  }

  /** Takes away the flags that would keep anybody from deleting the tree. */
  static void unlock(Path root) {
    new Shell(root).run("bash", "-c", "chattr -R -f -i -a . 2>/dev/null");
  }
}
