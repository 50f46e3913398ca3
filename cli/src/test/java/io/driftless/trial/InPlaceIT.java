package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large files that are changed where they lie, because ext4 can't share extents. */
final class InPlaceIT extends TwoTrees {
  private static final String PATCHED_IN_PLACE =
      "\"filesPatchedInPlace\":1,\"filesCloned\":0,\"filesRebuilt\":0,\"deltaIncidents\":0";
  private static final String REBUILT =
      "\"filesPatchedInPlace\":0,\"filesCloned\":0,\"filesRebuilt\":1,\"deltaIncidents\":0";

  private LoopFileSystem disk;
  private Path large;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("strace", "rsync", "getfacl", "getfattr", "lsattr");
    disk = LoopFileSystem.in(scratch, Type.EXT4, 128);
    target = Files.createDirectory(disk.root().resolve("tree"));
    large = target.resolve("large");
    onSource("head -c 20M /dev/urandom >large; chmod 0640 large; chown 7:8 large");
    copy().expect(0);
  }

  @AfterEach
  @Override
  void cleanUp() {
    super.cleanUp();
    try {
      disk.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void onSource(String script) throws IOException {
    new Shell(source).output("bash", "-ec", script);
  }

  /** Pages here and there. */
  private void changePages() throws IOException {
    onSource(
        "for at in 5 77 1000 1001 4000; do"
            + " dd if=/dev/urandom of=large bs=4k seek=$at count=1 conv=notrunc status=none; done");
  }

  private Program.Run copy() throws IOException {
    return program.run("copy", source.toString(), target.toString(), "--json");
  }

  private long inode() throws IOException {
    return (long) Files.getAttribute(large, "unix:ino");
  }

  private Program.Run copyAndJudge() throws IOException {
    Program.Run run = copy().expect(0);
    Judge.assertEqual(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
    return run;
  }

  private void requireInPlace() throws IOException {
    long before = inode();
    Program.Run run = copyAndJudge();
    assertThat(inode()).as("the inode").isEqualTo(before);
    assertThat(run.out()).contains(PATCHED_IN_PLACE);
  }

  private void requireAnew() throws IOException {
    long before = inode();
    Program.Run run = copyAndJudge();
    assertThat(inode()).as("the inode").isNotEqualTo(before);
    assertThat(run.out()).contains(REBUILT);
  }

  @Test
  void pages_are_changed_in_place() throws IOException {
    changePages();
    requireInPlace();
  }

  @ParameterizedTest
  @DisplayName("C38: sizes and holes change in place")
  @CsvSource(
      delimiter = '|',
      value = {
        "a hole in the middle  | fallocate -p -o 5M -l 3M large",
        "data in a hole        | fallocate -p -o 5M -l 3M large; sync;"
            + " dd if=/dev/urandom of=large bs=8 count=1 seek=750000 conv=notrunc status=none",
        "zeros instead of data | dd if=/dev/zero of=large bs=1M seek=3 count=1 conv=notrunc",
        "grown                 | head -c 1234567 /dev/urandom >>large",
        "grown by a hole       | truncate -s 30M large",
        "cut                   | truncate -s 15000001 large",
        "cut and grown         | truncate -s 18000001 large; head -c 999999 /dev/urandom >>large",
      })
  void sizes_and_holes(String what, String script) throws IOException {
    for (String step : script.split("sync;", -1)) {
      onSource(step);
      requireInPlace();
    }
  }

  @Test
  @DisplayName("C31: what moved is built anew")
  void what_moved_is_built_anew() throws IOException {
    onSource("head -c 4096 /dev/urandom | cat - large >new; cat new >large; rm new");
    requireAnew();
  }

  @Test
  void much_that_is_new_is_built_anew() throws IOException {
    onSource("dd if=/dev/urandom of=large bs=1M seek=3 count=8 conv=notrunc status=none");
    requireAnew();
  }

  @Test
  void whoever_reads_the_old_version_goes_on_reading_it() throws IOException {
    byte[] before = Files.readAllBytes(large);
    changePages();
    try (InputStream reader = Files.newInputStream(large)) {
      byte[] half = reader.readNBytes(before.length / 2);

      requireAnew();

      assertThat(half).isEqualTo(Arrays.copyOf(before, before.length / 2));
      assertThat(reader.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(before, before.length / 2, before.length));
    }
  }

  @Test
  @DisplayName("B24: another name of the file is not written through")
  void another_name_is_not_written_through() throws IOException {
    Path outside = disk.root().resolve("outside");
    Files.createLink(outside, large);
    byte[] before = Files.readAllBytes(outside);
    changePages();

    requireAnew();

    assertThat(Files.readAllBytes(outside)).isEqualTo(before);
  }

  @Test
  @DisplayName("B20: new content is not seen under old permissions")
  void a_file_that_is_closed_to_others_is_built_anew() throws IOException {
    changePages();
    onSource("chmod 0600 large");
    requireAnew();
  }

  @ParameterizedTest(name = "C39, C42: killed {0}")
  @CsvSource({
    "before it begins the journal,         openat2,    target/.driftless/redo,  1",
    "before the journal is durable,        fsync,      target/.driftless/redo,  1",
    "before the first change,              pwrite64,   target/large,            1",
    "between changes,                      pwrite64,   target/large,            3",
    "before it has its size,               ftruncate,  target/large,            1",
    "before the changes are durable,       fsync,      target/large,            1",
    "before its time is durable,           fsync,      target/large,            2",
    "before the journal goes,              unlinkat,   target/.driftless/redo,  1",
  })
  @DisplayName(
      "C39, C42: killed while a file is changed in place: no wider, whole after the next pass")
  void killed(String step, String call, String file, int nth) throws IOException {
    changePages();
    onSource("truncate -s 19M large; chmod 0444 large");
    new Shell(target).output("chmod", "0444", "large");
    Path traced = disk.root().resolve(file.replace("target/", "tree/"));
    Program.Run killed =
        program
            .startUnder(
                Tracer.killing(call, traced, nth), "copy", source.toString(), target.toString())
            .await(Program.PATIENCE);
    assertThat(killed.exitCode()).as(step + ": " + killed.err()).isEqualTo(Tracer.KILLED);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(large)))
        .isEqualTo("r--r--r--");

    copyAndJudge();
  }

  @Test
  @DisplayName("C45: no room for what a hole becomes: nothing is half changed, and it goes on")
  void no_room() throws IOException {
    onSource("truncate -s 60M large; truncate -s 200M large");
    copyAndJudge();
    Path ballast = disk.root().resolve("ballast");
    new Shell(disk.root())
        .output("bash", "-c", "head -c 200M /dev/zero >ballast || true; truncate -s -1M ballast");
    Path journals = target.resolve(".driftless/redo");
    byte[] head = head();
    onSource(
        "dd if=/dev/urandom of=large bs=1M seek=40 count=4 conv=notrunc status=none;"
            + " printf y | dd of=large bs=1 conv=notrunc status=none");

    Program.Running running = program.start("copy", source.toString(), target.toString());
    Awaitility.await().atMost(Program.PATIENCE).until(() -> Files.exists(journals));
    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(20))
        .until(() -> running.isAlive() && Arrays.equals(head(), head));
    Files.delete(ballast);

    running.await(Program.PATIENCE).expect(0);
    Judge.assertEqual(source, target);
  }

  private byte[] head() throws IOException {
    try (InputStream open = Files.newInputStream(large)) {
      return open.readNBytes(1 << 20);
    }
  }
}
