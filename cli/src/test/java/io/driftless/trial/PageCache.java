package io.driftless.trial;

import io.driftless.protocol.linux.AccessPattern;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the page cache holds of a tree's files, as fincore tells. */
final class PageCache {
  private static final String HELD =
      "find . -type f -print0 | xargs -0 fincore --noheadings --bytes --raw --output RES,SIZE,FILE";

  private final Path tree;

  PageCache(Path tree) {
    this.tree = tree;
  }

  /** Writes everything to the disk and lets go of it, as far as nobody else holds it. */
  void drop() throws IOException {
    new Shell(tree).output("sync", "-f", ".");
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        drop(file);
      }
    }
  }

  private static void drop(Path file) throws IOException {
    try (ConfinedRoot root = ConfinedRoot.open(file.resolveSibling("").toString());
        Directory directory = root.open(TreePath.ROOT);
        Fd open = directory.openForReading(Name.of(file.getFileName().toString()))) {
      open.advise(0, 0, AccessPattern.DONT_NEED);
    }
  }

  /** Bytes that are held of each file, whole pages; files of which nothing is held are left out. */
  Map<String, Long> held() {
    var held = new TreeMap<String, Long>();
    for (String line : new Shell(tree).output("bash", "-ec", HELD).lines().toList()) {
      String[] fields = line.split(" ", 3);
      long bytes = Long.parseLong(fields[0]);
      if (bytes > 0) {
        held.put(fields[2], bytes);
      }
    }
    return held;
  }
}
