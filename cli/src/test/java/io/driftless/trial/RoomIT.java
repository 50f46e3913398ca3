package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target's file system that takes no more, for other reasons than a lack of bytes. */
final class RoomIT {
  private static final long SEED = 20_261_107;

  @TempDir private Path scratch;
  private Path source;
  private Program program;

  @BeforeEach
  void prepare() throws IOException {
    Needs.root();
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr");
    source = Files.createDirectory(scratch.resolve("source"));
    program = new Program(scratch);
  }

  @AfterEach
  void cleanUp() {
    program.close();
  }

  /** What blocks a seed that was started, as soon as something does. */
  private static String obstacle(TwoHosts hosts, Program.Running seed) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .failFast("the seed has ended", () -> !seed.isAlive())
        .until(
            () -> hosts.onSource("status", "--json").out(),
            status -> status.contains("\"state\":\"blocked\""));
  }

  private void assertDone(Program.Running seed, Path target) {
    assertThat(seed.await(Duration.ofSeconds(90)).expect(0).out()).contains("\"outcome\":\"done\"");
    Judge.assertEqual(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
  }

  @Test
  @DisplayName(
      "C45, B23: without inodes the seed waits, says how many, and goes on once files went")
  void no_inodes_block_the_volume_which_goes_on_by_itself() throws Exception {
    new Shell(source)
        .output(
            "bash",
            "-c",
            "for d in $(seq 40); do mkdir d$d; for i in $(seq 30); do echo $i >d$d/f$i; done; done;"
                + " for i in 1 2 3; do head -c 300K /dev/urandom >large$i; done; ln large1 d1/name");
    try (LoopFileSystem small = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4, 16)) {
      Path target = Files.createDirectory(small.root().resolve("root"));
      Path crowd = Files.createDirectory(small.root().resolve("crowd"));
      new Shell(crowd)
          .output(
              "bash",
              "-c",
              "free=$(df --output=iavail . | tail -1); seq $((free - 40)) | xargs touch");
      try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
        Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME, "--json");

        assertThat(obstacle(hosts, seed)).containsPattern("[1-9][0-9]* inodes are missing");

        assertThat(hosts.targetAgent().isAlive()).isTrue();
        new Shell(crowd).output("bash", "-c", "find . -type f -delete");
        assertDone(seed, target);
      }
    }
  }

  @Test
  @DisplayName("C45: beyond a quota the seed waits, and goes on once the limit is lifted")
  void a_quota_blocks_the_volume_which_goes_on_by_itself() throws Exception {
    Needs.tools("btrfs");
    SmallFiles.fill(source, 400, SEED);
    new Shell(source).output("bash", "-c", "head -c 30M /dev/urandom >large");
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, LoopFileSystem.Type.BTRFS)) {
      Path target = disk.root().resolve("root");
      var shell = new Shell(disk.root());
      shell.output("btrfs", "quota", "enable", ".");
      shell.output("btrfs", "subvolume", "create", target.toString());
      shell.output("btrfs", "qgroup", "limit", "12M", target.toString());
      try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
        Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME, "--json");

        assertThat(obstacle(hosts, seed)).contains("EDQUOT");

        assertThat(hosts.targetAgent().isAlive()).isTrue();
        shell.output("btrfs", "qgroup", "limit", "none", target.toString());
        assertDone(seed, target);
      }
    }
  }

  @Test
  @DisplayName(
      "C45: a file system that becomes read-only ends the pass; writable again, a seed is exact")
  void a_read_only_file_system_ends_the_pass_with_one_line() throws Exception {
    SmallFiles.fill(source, 6_000, SEED);
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, LoopFileSystem.Type.EXT4)) {
      Path target = Files.createDirectory(disk.root().resolve("root"));
      var shell = new Shell(scratch);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
        Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
        String mount = disk.root().toString();
        // Refused as long as a file is open for writing.
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() ->
                Files.exists(target.resolve(".driftless"))
                    && shell.run("mount", "-o", "remount,ro", mount).exitCode() == 0);

        Program.Run ended = seed.await(Duration.ofSeconds(60)).expect(5);

        assertThat(ended.err()).startsWith("error: read-only").contains("mount");
        assertThat(hosts.targetAgent().isAlive()).isTrue();
        hosts.onSource("seed", TwoHosts.VOLUME).expect(5);
        shell.output("mount", "-o", "remount,rw", mount);
        assertDone(hosts.startOnSource("seed", TwoHosts.VOLUME, "--json"), target);
      }
    }
  }
}
