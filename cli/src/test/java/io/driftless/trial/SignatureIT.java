package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the target reads of a large file that it has brought before, and when it does not dare to.
 */
final class SignatureIT extends TwoTrees {
  private static final long SEED = 20_261_129;
  private static final int FILE_MEBIBYTES = 48;
  private static final long FILE_BYTES = (long) FILE_MEBIBYTES << 20;
  private static final int PAGE = 8192;
  private static final int PAGES = 40;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr");
  }

  private void changePages(Path file) throws IOException {
    byte[] page = new byte[PAGE];
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = 0; i < PAGES; i++) {
        random.nextBytes(page);
        open.seek(random.nextLong(open.length() / PAGE) * PAGE);
        open.write(page);
      }
    }
  }

  /** A volume, and how much its target reads. */
  private record Pair(TwoHosts hosts, Path from, Path to) {
    /** Brings the changes; bytes that the target's agent has read for it, from wherever. */
    long sync(String... options) throws IOException {
      long before = read();
      var arguments =
          Stream.concat(Stream.of("sync", TwoHosts.VOLUME, "--json"), Stream.of(options));
      Program.Run run = hosts.onSource(arguments.toArray(String[]::new));
      assertThat(run.out())
          .as(run.err())
          .contains("\"outcome\":\"done\"")
          .contains("\"deltaIncidents\":0")
          .contains("\"notices\":[]");
      long bytes = read() - before;
      Judge.assertAlike(from, to);
      return bytes;
    }

    /** Ranges that are copied or shared count as read and as written. */
    private long read() throws IOException {
      return counter("rchar: ") - counter("wchar: ");
    }

    private long counter(String name) throws IOException {
      Path io = Path.of("/proc", Long.toString(hosts.targetAgent().pid()), "io");
      return Files.readAllLines(io).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.substring(name.length())))
          .findFirst()
          .orElseThrow();
    }

    Path signature() throws IOException {
      try (Stream<Path> all = Files.walk(hosts.targetHome())) {
        List<Path> found = all.filter(file -> file.toString().endsWith(".signature")).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
      }
    }
  }

  private static void requireSpared(long bytes) {
    assertThat(bytes).as("bytes read").isLessThan(FILE_BYTES / 16);
  }

  private static void requireRead(long bytes) {
    assertThat(bytes).as("bytes read").isGreaterThanOrEqualTo(FILE_BYTES / 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
  @DisplayName("what is on the target is read once, and again where anything tells of a change")
  void what_is_there_is_read_once(Type type) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, 400)) {
      Path from = Files.createDirectory(scratch.resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      Path source = from.resolve("large");
      new Shell(from)
          .output("bash", "-c", "head -c %dM /dev/urandom >large".formatted(FILE_MEBIBYTES));
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        var pair = new Pair(hosts, from, to);
        pair.sync();

        changePages(source);
        requireRead(pair.sync());
        changePages(source);
        requireSpared(pair.sync());
        sizesAndHoles(pair, source);
        writtenByOthers(pair, source);
        lost(pair, source);
        contentIsRead(pair, source);
      }
    }
  }

  private void sizesAndHoles(Pair pair, Path source) throws IOException {
    new Shell(pair.from())
        .output(
            "bash", "-c", "fallocate -p -o 5M -l 16K large; head -c 1234567 /dev/urandom >>large");
    pair.sync(); // what comes beyond the old end is not hashed
    new Shell(pair.from()).output("truncate", "-s", Long.toString(FILE_BYTES + 4321), "large");
    changePages(source);
    requireSpared(pair.sync());
    changePages(source);
    requireSpared(pair.sync());
  }

  /** Somebody writes to the target's file and puts its time back. */
  private void writtenByOthers(Pair pair, Path source) throws IOException {
    for (String write :
        List.of(
            "printf other | dd of=large bs=1 seek=40000000 conv=notrunc status=none",
            "cp large copy; printf other | dd of=copy bs=1 seek=999 conv=notrunc status=none;"
                + " mv copy large")) {
      new Shell(pair.to())
          .output(
              "bash",
              "-c",
              "touch -r large ../ref; chmod --reference=large ../ref; %s; touch -r ../ref large"
                  .formatted(write));
      changePages(source);
      requireRead(pair.sync());
      changePages(source);
      requireSpared(pair.sync());
    }
  }

  private void lost(Pair pair, Path source) throws IOException {
    Path signature = pair.signature();
    try (var open = new RandomAccessFile(signature.toFile(), "rw")) {
      open.seek(100_000);
      open.write(1);
    }
    changePages(source);
    requireRead(pair.sync());
    Files.write(pair.signature(), new byte[100]);
    changePages(source);
    requireRead(pair.sync());
    Files.delete(pair.signature());
    changePages(source);
    requireRead(pair.sync());

    pair.hosts().targetAgent().terminate();
    pair.hosts().startTarget();
    changePages(source);
    requireSpared(pair.sync());
  }

  /** Who wants the content compared gets it read. */
  private void contentIsRead(Pair pair, Path source) throws IOException {
    requireRead(pair.sync("--content"));
    changePages(source);
    requireRead(pair.sync("--content"));
  }
}
