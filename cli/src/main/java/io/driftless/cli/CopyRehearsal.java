package io.driftless.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.driftless.cli.command.CommandLineProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What agents do for long, done while the launcher makes the ahead-of-time cache for them: a first
 * copy of a tree, and one that finds its two largest files changed.
 */
final class CopyRehearsal {
  private static final int PAGE = 4096;
  private static final int PAGES = 64;

  private CopyRehearsal() {}

  /**
   * Copies and exits as the second copy does.
   *
   * @param args the directory to be copied; the new one
   */
  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[1]);
    var program = new CommandLineProgram(Main.host());
    program.run("copy", args[0], args[1], "--json");
    List<Path> largest = largest(target);
    shift(largest.get(0), target);
    scatter(largest.get(1));
    System.exit(program.run("copy", args[0], args[1], "--json"));
  }

  private static List<Path> largest(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      return paths
          .filter(path -> Files.isRegularFile(path, NOFOLLOW_LINKS))
          .sorted(Comparator.comparingLong((Path path) -> path.toFile().length()).reversed())
          .limit(2)
          .toList();
    }
  }

  /** All of its content moves. */
  private static void shift(Path file, Path beside) throws IOException {
    Path shifted = beside.resolve("shifted");
    Files.write(shifted, new byte[PAGE + 1]);
    try (FileChannel from = FileChannel.open(file, READ, NOFOLLOW_LINKS);
        FileChannel into = FileChannel.open(shifted, WRITE)) {
      into.position(PAGE + 1);
      from.transferTo(0, from.size(), into);
    }
    Files.move(shifted, file, REPLACE_EXISTING);
  }

  /** A little changes in many places. */
  private static void scatter(Path file) throws IOException {
    try (FileChannel into = FileChannel.open(file, WRITE, NOFOLLOW_LINKS)) {
      long size = into.size();
      for (int page = 0; page < PAGES; page++) {
        into.write(ByteBuffer.allocate(PAGE), size / PAGES * page);
      }
    }
  }
}
