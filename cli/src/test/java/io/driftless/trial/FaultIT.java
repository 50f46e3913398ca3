package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Disks fail under agents that run: they stay up, say so in one line, and the next seed is exact.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultIT {
  private static final long SEED = 20_261_106;

  private Path scratch;
  private Path source;
  private Path target;
  private Program program;
  private TwoHosts hosts;

  @BeforeAll
  void prepare(@TempDir Path temporary) throws IOException {
    Needs.root();
    Needs.tools("strace", "rsync", "getfacl", "getfattr", "lsattr");
    scratch = temporary;
    source = Files.createDirectory(scratch.resolve("source"));
    target = Files.createDirectory(scratch.resolve("target"));
    program = new Program(scratch);
    SmallFiles.fill(source, 300, SEED);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "head -c 9M /dev/urandom >large; echo s >small; ln large d0/name; ln -s large soft");
    hosts = TwoHosts.start(program, scratch, source, target);
  }

  @BeforeEach
  void empty() {
    new Shell(target).output("find", ".", "-mindepth", "1", "-delete");
  }

  @AfterAll
  void cleanUp() {
    if (hosts != null) {
      hosts.close();
      program.close();
    }
  }

  private void assertUpAndExactNextTime() {
    assertThat(hosts.targetAgent().isAlive()).as("the target agent is up").isTrue();
    assertThat(hosts.sourceAgent().isAlive()).as("the source agent is up").isTrue();

    Program.Run next = hosts.onSource("seed", TwoHosts.VOLUME, "--json");

    assertThat(next.out()).as(next.err()).contains("\"outcome\":\"done\"");
    Judge.assertEqual(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
  }

  @ParameterizedTest(name = "C45: {0}")
  @DisplayName("C45: what could not be made durable is told of, and comes again")
  @CsvSource({
    "the disk fails before anything is renamed and at the end,  1, 5",
    "the disk fails after everything was renamed,               2, 1",
  })
  void what_could_not_be_made_durable_comes_again(String fault, String which, int exitCode)
      throws IOException {
    Program.Run seed;
    try (var tracer =
        Tracer.failing(hosts.targetAgent().pid(), "syncfs", target, "EIO", which, scratch)) {
      seed = hosts.onSource("seed", TwoHosts.VOLUME);
    }

    assertThat(seed.exitCode()).as(fault + seed.out() + seed.err()).isEqualTo(exitCode);
    assertThat(seed.out() + seed.err()).contains("storage-error");
    assertUpAndExactNextTime();
  }

  @ParameterizedTest(name = "C45: {0} fails")
  @DisplayName("C45: a target disk that fails ends the pass with one line")
  @CsvSource({
    "staging a directory,      mkdirat,    target/.driftless/stage, 1",
    "beginning a large file,   openat2,    target/.driftless/parts, 1",
    "renaming into place,      renameat2,  target/.driftless/stage, 2",
    "linking,                  linkat,     target/.driftless/stage, 1",
    "clearing up,              unlinkat,   target,                  1",
  })
  void a_target_disk_that_fails_ends_the_pass(String step, String call, String file, String which)
      throws IOException {
    Program.Run seed;
    try (var tracer =
        Tracer.failing(
            hosts.targetAgent().pid(), call, scratch.resolve(file), "EIO", which, scratch)) {
      seed = hosts.onSource("seed", TwoHosts.VOLUME);
    }

    assertThat(seed.exitCode()).as(step + seed.out() + seed.err()).isEqualTo(5);
    assertThat(seed.err()).startsWith("error: storage-failed").hasLineCount(1);
    assertUpAndExactNextTime();
  }

  @ParameterizedTest(name = "C45: {0}")
  @DisplayName("C45: a source file that gives an error is a problem, the rest arrives")
  @CsvSource({
    "a large one in its middle,  'pread64,preadv2', source/large, 2+",
    "a large one when opened,    openat2,  large,        1+",
    "a small one when read,      'pread64,preadv2', source/small, 1+",
    "a small one when opened,    openat2,  small,        1+",
  })
  void an_unreadable_source_file_leaves_nothing_behind(
      String fault, String call, Path file, String which) throws IOException {
    boolean isByDescriptor = file.getNameCount() > 1;
    Program.Run seed;
    try (var tracer =
        Tracer.failing(
            hosts.sourceAgent().pid(),
            call,
            isByDescriptor ? scratch.resolve(file) : file,
            "EIO",
            which,
            scratch)) {
      seed = hosts.onSource("seed", TwoHosts.VOLUME);
    }

    assertThat(seed.exitCode()).as(fault + seed.out() + seed.err()).isEqualTo(1);
    assertThat(seed.out() + seed.err()).contains("unreadable");
    assertThat(target.resolve(file.getFileName())).doesNotExist();
    assertThat(target.resolve(".driftless")).doesNotExist();
    assertThat(target.resolve("d0/e0/f0")).hasSameBinaryContentAs(source.resolve("d0/e0/f0"));
    assertUpAndExactNextTime();
  }
}
