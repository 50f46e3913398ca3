package io.driftless.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

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
   * Removes the files of libraries that are loaded; what is mapped stays.
   *
   * @param prefix of their names
   */
  static void remove(String prefix) {
    try {
      for (Path file : loaded(prefix)) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lck"));
      }
    } catch (IOException e) {
      // it takes up room and does no harm
    }
  }

  /** See proc_pid_maps(5): the path is the last column, from the first slash on. */
  private static Set<Path> loaded(String prefix) throws IOException {
    try (var lines = Files.lines(MAPPINGS, UTF_8)) {
      return lines
          .filter(line -> line.contains("/" + prefix))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .collect(Collectors.toSet());
    }
  }
}
