package io.driftless.protocol.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Native libraries that a package has unpacked into the directory for temporary files. The package
 * removes them when the JVM exits in order, which one that is ended by a signal does not.
 */
final class UnpackedLibraries {
  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  private UnpackedLibraries() {}

  /**
   * Removes the files of libraries that are loaded; what is mapped stays. What lies elsewhere is
   * the host's own.
   *
   * @param prefix of their names
   */
  static void remove(String prefix) {
    try {
      Path unpacked = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
      for (String name : loaded(unpacked + "/" + prefix)) {
        Files.deleteIfExists(unpacked.resolve(name));
      }
    } catch (IOException e) {
      // it takes up room and does no harm
    }
  }

  /** Names after the last slash. See proc_pid_maps(5): the last column is the path. */
  private static Set<String> loaded(String beginning) throws IOException {
    return Files.readAllLines(MAPPINGS, ISO_8859_1).stream()
        .filter(line -> line.contains(' ' + beginning))
        .map(line -> line.substring(line.lastIndexOf('/') + 1))
        .collect(Collectors.toSet());
  }
}
