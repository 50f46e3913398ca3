package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The power of the target fails in the middle of a seed. */
final class PowerCutIT {
  private static final long SEED = 20_261_105;
  private static final int FILES = 2_000;
  private static final int CUTS_MAX = 7;
  private static final long CUT_EVERY_NANOS = 600_000_000;
  private static final long HOLDER_MEBIBYTES = 2_048;

  @TempDir private Path scratch;

  /** Holds the disks: what a disk of this machine does meanwhile is of no interest. */
  private Path memory;

  private Path source;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    Needs.root();
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr", "e2fsck", "xfs_repair");
    Needs.that(Files.isDirectory(Path.of("/dev/shm")), "a file system in memory at /dev/shm");
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "driftless-power-");
    source = Files.createDirectory(scratch.resolve("source"));
    program = new Program(scratch);
    SmallFiles.fill(Files.createDirectory(source.resolve("early")), FILES / 4, SEED);
  }

  @AfterEach
  void cleanUp() throws IOException {
    program.close();
    Files.delete(memory);
  }

  private void addLateFiles() throws IOException {
    SmallFiles.fill(Files.createDirectory(source.resolve("late")), FILES, SEED + 1);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "for i in 1 2 3; do head -c 9M /dev/urandom >late/large$i; done; cd late;"
                + " truncate -s 30M sparse; echo end >>sparse; ln -s large1 soft;"
                + " for i in 1 2 3; do ln large1 d0/name$i; done;"
                + " chown -R 7:8 d0; chmod -R go-rwx d0; chmod 04755 large2");
  }

  @ParameterizedTest
  @EnumSource(
      value = LoopFileSystem.Type.class,
      names = {"EXT4", "XFS"})
  @DisplayName(
      "C44: whenever the power fails, every file is whole or absent, and what was done is there")
  void files_are_whole_or_absent_whenever_the_power_fails(LoopFileSystem.Type type)
      throws Exception {
    try (LoopFileSystem holder =
            LoopFileSystem.in(memory, LoopFileSystem.Type.XFS, HOLDER_MEBIBYTES);
        LoopFileSystem disk =
            LoopFileSystem.beside(holder.root(), type, LoopFileSystem.MEBIBYTES)) {
      Path target = Files.createDirectory(disk.root().resolve("tree"));
      new Shell(scratch).output("sync", "-f", target.toString());
      seed(source, target).await(Program.PATIENCE).expect(0);
      var cuts = new ArrayList<PowerCut>();
      try {
        cuts.add(PowerCut.of(disk, type, 0));
        addLateFiles();
        cutThroughout(seed(source, target), disk, type, cuts);
        judge(cuts);
      } finally {
        for (PowerCut cut : cuts) {
          cut.close();
        }
      }
    }
  }

  private static final String[] CHANGES = {
    "echo one >file; head -c 200K /dev/urandom >larger",
    "echo two >file; printf x >>larger",
    "ln -s file soft; chown -h 7:8 soft; mkfifo pipe; : >empty",
    "mkdir -p d/e; echo in >d/e/f; setfattr -n user.k -v v d/e",
    "chmod 640 file; setfattr -n user.k -v w file; touch -d 2001-02-03 larger",
    "mv file d/other; mv d/e e2",
    "ln larger e2/name; echo more >>larger",
    "head -c 9M /dev/urandom >big",
    "rm pipe; rm -r d",
  };

  @ParameterizedTest
  @EnumSource(
      value = LoopFileSystem.Type.class,
      names = {"EXT4", "XFS"})
  @DisplayName("C44: what a target that follows has told to be durable is there after a power cut")
  void what_was_followed_is_there_after_a_power_cut(LoopFileSystem.Type type) throws Exception {
    try (LoopFileSystem holder =
            LoopFileSystem.in(memory, LoopFileSystem.Type.XFS, HOLDER_MEBIBYTES);
        LoopFileSystem disk =
            LoopFileSystem.beside(holder.root(), type, LoopFileSystem.MEBIBYTES)) {
      Path target = Files.createDirectory(disk.root().resolve("tree"));
      try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
        hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
        AgentControl control = AgentControl.ofSource(hosts.sourceHome());
        control.awaitQuiet(Program.PATIENCE);
        for (int i = 0; i < CHANGES.length; i++) {
          new Shell(source).output("bash", "-ec", CHANGES[i]);
          control.awaitQuiet(Program.PATIENCE);
          judgeFollowed(disk, type, i);
        }
        assertNeverTorn(disk, type, target.resolve("turning"));
      }
    }
  }

  private void judgeFollowed(LoopFileSystem disk, LoopFileSystem.Type type, int number)
      throws IOException {
    try (PowerCut cut = PowerCut.of(disk, type, number)) {
      Path target = cut.mount().resolve("tree");
      removeStage(target);
      try {
        Judge.assertEqual(source, target);
      } catch (AssertionError e) {
        throw new AssertionError("after " + CHANGES[number], e);
      }
      cut.unmount();
      cut.assertSound();
    }
  }

  /** That it went at the end need not be durable. */
  private static void removeStage(Path target) throws IOException {
    FileTime before = Files.getLastModifiedTime(target);
    for (String left : List.of("stage", "parts", "")) {
      Files.deleteIfExists(target.resolve(".driftless").resolve(left));
    }
    Files.setLastModifiedTime(target, before);
  }

  /** A file is replaced all the time, and the power fails at any moment. */
  private void assertNeverTorn(LoopFileSystem disk, LoopFileSystem.Type type, Path there)
      throws IOException, InterruptedException {
    Path here = source.resolve(there.getFileName());
    for (int cuts = 1; cuts <= CUTS_MAX; cuts++) {
      for (int i = 0; i < 5; i++) {
        Files.writeString(here, Integer.toString(cuts).repeat(100_000));
        TimeUnit.MILLISECONDS.sleep(7L * cuts);
      }
      try (PowerCut cut = PowerCut.of(disk, type, CHANGES.length + cuts)) {
        Path file = cut.mount().resolve("tree").resolve(there.getFileName());
        String found = Files.exists(file) ? Files.readString(file) : "";
        boolean isWhole = found.isEmpty() || found.equals(found.substring(0, 1).repeat(100_000));
        assertThat(isWhole).as("%d bytes in one state", found.length()).isTrue();
        cut.unmount();
      }
    }
  }

  private Program.Running seed(Path from, Path to) {
    return program.start("copy", from.toString(), to.toString());
  }

  /** Cuts when staging begins, whenever something appears, now and then, and at the end. */
  private static void cutThroughout(
      Program.Running seed, LoopFileSystem disk, LoopFileSystem.Type type, List<PowerCut> cuts)
      throws IOException {
    Path tree = disk.root().resolve("tree");
    List<Path> watched = List.of(tree.resolve("late"), tree.resolve("late/d0"));
    String seen = entriesOf(watched);
    long cutAt = System.nanoTime();
    while (seed.isAlive() && cuts.size() < CUTS_MAX) {
      String now = entriesOf(watched);
      if (!now.equals(seen) || System.nanoTime() - cutAt > CUT_EVERY_NANOS) {
        cuts.add(PowerCut.of(disk, type, cuts.size()));
        seen = now;
        cutAt = System.nanoTime();
      }
    }
    seed.await(Program.PATIENCE).expect(0);
    cuts.add(PowerCut.of(disk, type, cuts.size()));
  }

  private static String entriesOf(List<Path> directories) {
    var numbers = new StringBuilder();
    for (Path directory : directories) {
      String[] names = directory.toFile().list();
      numbers.append(names == null ? 0 : names.length).append(' ');
    }
    return numbers.toString();
  }

  private void judge(List<PowerCut> cuts) throws IOException {
    var found = new ArrayList<Integer>();
    for (PowerCut cut : cuts) {
      Path target = cut.mount().resolve("tree");
      found.add(PowerCut.assertNothingTorn(source, target));
      assertEarlyIsThere(target);
      cut.unmount();
      cut.assertSound();
    }
    assertThat(found).as("the cuts came while it was seeded").isSorted();
    judgeEnd(cuts.getLast());
    goOn(cuts.get(cuts.size() - 2)); // the most that was there before the end
  }

  /** What a seed said to be durable is there. */
  private void assertEarlyIsThere(Path target) {
    assertThat(
            new Shell(source)
                .output(
                    "rsync",
                    "-aHAXn",
                    "--checksum",
                    "--delete",
                    "--itemize-changes",
                    "--modify-window=-1",
                    source + "/early/",
                    target + "/early/"))
        .isEmpty();
  }

  private void judgeEnd(PowerCut cut) throws IOException {
    Path target = cut.mount().resolve("tree");
    Judge.assertEqual(source, target);
    cut.unmount();
  }

  /** A new seed after the power cut makes everything equal and leaves nothing over. */
  private void goOn(PowerCut cut) throws IOException {
    Path target = cut.mount().resolve("tree");
    seed(source, target).await(Program.PATIENCE).expect(0);
    Judge.assertEqual(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
    cut.unmount();
  }
}
