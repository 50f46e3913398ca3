package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Large files that changed: what a pass costs, and that nothing goes wrong meanwhile. */
final class DeltaIT {
  private static final long SEED = 20_261_122;
  private static final int MIB = 1 << 20;
  private static final int FILE_MEBIBYTES = 128;
  private static final int PAGE = 8192;
  private static final long DISK_MEBIBYTES = 900;

  @TempDir private Path scratch;
  private Path source;
  private Path large;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    Needs.root();
    Needs.tools("strace", "rsync", "getfacl", "getfattr", "lsattr", "openssl");
    source = Files.createDirectory(scratch.resolve("source"));
    large = source.resolve("large");
    program = new Program(scratch);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "head -c %dM /dev/zero | openssl enc -aes-128-ctr -pass pass:1 -nosalt 2>/dev/null >large"
                .formatted(FILE_MEBIBYTES));
  }

  @AfterEach
  void cleanUp() {
    program.close();
  }

  private Program.Run copy(Path target) {
    Program.Run run = program.run("copy", source.toString(), target.toString(), "--json");
    assertThat(run.out()).as(run.err()).contains("\"outcome\":\"done\"");
    return run.expect(0);
  }

  private static long number(Program.Run run, String name) {
    Matcher matcher = Pattern.compile("\"%s\":(\\d+)".formatted(name)).matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /** How a large file came, as the fields of the report have it. */
  private enum Came {
    PATCHED_IN_PLACE("filesPatchedInPlace"),
    CLONED("filesCloned"),
    REBUILT("filesRebuilt"),
    AFTER_AN_INCIDENT("deltaIncidents");

    final String field;

    Came(String field) {
      this.field = field;
    }
  }

  /** Only ext4 can't share extents. */
  private static Came cameOn(Type type, Came onExt4) {
    return type == Type.EXT4 ? onExt4 : Came.CLONED;
  }

  private static void requireCame(Program.Run run, Came as) {
    for (Came each : Came.values()) {
      assertThat(number(run, each.field)).as(each.field).isEqualTo(each == as ? 1 : 0);
    }
  }

  /** Copies again, and it must be cheap, exact, come as it should, and leave nothing. */
  private void requireCheap(Path target, long bytesMax, Came as) throws IOException {
    Program.Run run = copy(target);
    Judge.assertEqual(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
    assertThat(number(run, "literalBytes")).isLessThanOrEqualTo(bytesMax);
    assertThat(number(run, "wireBytesSent")).isLessThanOrEqualTo(bytesMax);
    assertThat(number(run, "wireBytesReceived")).isLessThanOrEqualTo(MIB);
    assertThat(number(run, "literalBytes") + number(run, "matchedBytes"))
        .isEqualTo(Files.size(large));
    assertThat(run.out()).contains("\"notices\":[]");
    requireCame(run, as);
  }

  private void changePages(int count) throws IOException {
    var random = new SplittableRandom(SEED);
    byte[] page = new byte[PAGE];
    try (var open = new RandomAccessFile(large.toFile(), "rw")) {
      int pages = (int) (open.length() / PAGE);
      for (int i = 0; i < count; i++) {
        random.nextBytes(page);
        open.seek((long) random.nextInt(pages) * PAGE);
        open.write(page);
      }
    }
  }

  private void insertAtTheFront(int bytes) {
    new Shell(source)
        .output(
            "bash",
            "-c",
            "(head -c %d /dev/urandom; cat large) >new && mv new large".formatted(bytes));
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
  @DisplayName("C27, C31: pages in place, an insertion, a cut, an end: the change is what travels")
  void the_change_is_what_travels(Type type) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, DISK_MEBIBYTES)) {
      Path target = Files.createDirectory(disk.root().resolve("tree"));
      copy(target);

      changePages(500);
      requireCheap(target, 12L * MIB, cameOn(type, Came.PATCHED_IN_PLACE));
      insertAtTheFront(1000);
      requireCheap(target, MIB, cameOn(type, Came.REBUILT));
      new Shell(source).output("truncate", "-s", "100000001", "large");
      requireCheap(target, MIB, cameOn(type, Came.PATCHED_IN_PLACE));
      new Shell(source).output("bash", "-c", "head -c 3M /dev/urandom >>large");
      requireCheap(target, 4L * MIB, cameOn(type, Came.PATCHED_IN_PLACE));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4", "XFS"})
  @DisplayName("C30, C38: holes that moved in a sparse file are carried and don't travel")
  void holes_that_moved(Type type) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, DISK_MEBIBYTES)) {
      Path target = Files.createDirectory(disk.root().resolve("tree"));
      Files.delete(large);
      new Shell(source)
          .output(
              "bash",
              "-c",
              "truncate -s 512M large; for at in 0 5 256 501; do head -c 1M /dev/urandom"
                  + " | dd of=large bs=1M seek=$at conv=notrunc status=none; done");
      copy(target);
      assertBlocksAreFew(target.resolve("large"));

      new Shell(source)
          .output(
              "bash",
              "-c",
              "fallocate -p -o 0 -l 1M large; head -c 1M /dev/urandom"
                  + " | dd of=large bs=1M seek=400 conv=notrunc status=none");
      Program.Run run = copy(target);

      requireCame(run, cameOn(type, Came.PATCHED_IN_PLACE));
      assertThat(run.out()).contains("\"notices\":[]");
      assertThat(number(run, "wireBytesSent")).isLessThanOrEqualTo(2L * MIB);
      assertThat(number(run, "literalBytes")).isLessThanOrEqualTo(2L * MIB);
      assertBlocksAreFew(target.resolve("large"));
      new Shell(scratch).output("cmp", large.toString(), target.resolve("large").toString());
    }
  }

  private void assertBlocksAreFew(Path file) {
    String blocks = new Shell(scratch).output("stat", "-c", "%b", file.toString());
    assertThat(Long.parseLong(blocks.strip()) * 512).isLessThanOrEqualTo(5L * MIB);
  }

  @ParameterizedTest(name = "C39: killed {0} on {1}")
  @DisplayName("C39: killed in the middle of a delta, then again: equal, little, nothing left over")
  @CsvSource({
    "while the source compares,     EXT4, pread64,         source/large,                15",
    "while the target signs,        EXT4, pread64,         disk/tree/large,             25",
    "while the target copies,       EXT4, copy_file_range, disk/tree/large,             20",
    "before it is renamed,          XFS,  renameat2,       disk/tree/.driftless/parts,  1",
  })
  void killed_in_the_middle(String step, Type type, String call, String file, int nth)
      throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, DISK_MEBIBYTES)) {
      Path target = Files.createDirectory(disk.root().resolve("tree"));
      copy(target);
      changePages(500);
      Files.createLink(disk.root().resolve("second"), target.resolve("large")); // not in place
      Path traced =
          file.startsWith("disk/") ? disk.root().resolve(file.substring(5)) : scratch.resolve(file);

      Program.Run killed =
          program
              .startUnder(
                  Tracer.killing(call, traced, nth), "copy", source.toString(), target.toString())
              .await(Program.PATIENCE);
      assertThat(killed.exitCode()).as(step + ": " + killed.err()).isEqualTo(Tracer.KILLED);

      Program.Run again = copy(target);
      Judge.assertEqual(source, target);
      assertThat(target.resolve(".driftless")).doesNotExist();
      assertThat(number(again, "literalBytes")).isLessThanOrEqualTo(20L * MIB);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4", "XFS"})
  @DisplayName("C37: a basis that is written to while the delta is applied")
  void a_basis_that_is_written_to(Type type) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type, DISK_MEBIBYTES)) {
      Path target = Files.createDirectory(disk.root().resolve("tree"));
      copy(target);
      changePages(500);
      try (var old = new RandomAccessFile(target.resolve("large").toFile(), "rw")) {
        Program.Running running =
            program.start("copy", source.toString(), target.toString(), "--json");
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> hasPart(target));
        for (int page = 0; page < FILE_MEBIBYTES; page++) {
          old.seek((long) page * MIB);
          old.write(new byte[PAGE]);
        }
        Program.Run run = running.await(Program.PATIENCE).expect(0);
        long beside = number(run, Came.CLONED.field) + number(run, Came.REBUILT.field);
        assertThat(beside + number(run, Came.AFTER_AN_INCIDENT.field)).isEqualTo(1);
      }
      Judge.assertEqual(source, target);
      assertThat(target.resolve(".driftless")).doesNotExist();
    }
  }

  private static boolean hasPart(Path target) {
    Path parts = target.resolve(".driftless/parts");
    if (!Files.exists(parts)) {
      return false;
    }
    try (Stream<Path> found = Files.list(parts)) {
      return found.findAny().isPresent();
    } catch (IOException e) {
      return false; // it has gone meanwhile
    }
  }
}
