package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both agents die at a certain system call, as kill -9 would have it; the next seed mends it. */
final class KillStepsIT extends TwoTrees {
  private static final long SEED = 20_261_104;
  private static final int FILES = 300;

  /**
   * Calls are counted by thread: so many of each kind that one thread makes the third, however the
   * work is shared out.
   */
  private static final int OF_EACH = 40;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("strace", "rsync", "getfacl", "getfattr", "lsattr");
    SmallFiles.fill(source, FILES, SEED);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "head -c 12M /dev/urandom >large; ln -s large soft; chown 7:8 d0; chmod 0750 d0;"
                + " for i in {1..%d}; do mkfifo fifo$i; mkdir d0/x$i; ln large d0/name$i; done"
                    .formatted(OF_EACH));
    new Shell(target).output("bash", "-c", "mkdir soft; echo old >d0");
  }

  @ParameterizedTest(name = "C39: killed {0}")
  @DisplayName("C39: killed at a step of the protocol, then seeded again: equal, nothing left over")
  @CsvSource({
    "while it stages a directory,               mkdirat,    target/.driftless/stage,  2",
    "while it stages small files,               openat2,    target/.driftless/stage,  2",
    "while it begins a large file,              openat2,    target/.driftless/parts,  1",
    "before anything staged is durable,         syncfs,     target,                   1",
    "between renames,                           renameat2,  target/.driftless/stage,  3",
    "before a large file is renamed,            renameat2,  target/.driftless/parts,  1",
    "before the renames are durable,            syncfs,     target,                   2",
    "in the middle of the links,                linkat,     target/.driftless/stage,  3",
    "while it clears the stage away,            unlinkat,   target/.driftless/stage,  1",
    "while it removes the staging area,         unlinkat,   target/.driftless,        1",
    "while the source lists a directory,        getdents64, source/d0,                1",
    "while the source reads a large file,       'pread64,preadv2', source/large,         2",
  })
  void killed_and_seeded_again(String step, String call, String file, int nth) throws IOException {
    Program.Run killed =
        program
            .startUnder(
                Tracer.killing(call, scratch.resolve(file), nth),
                "copy",
                source.toString(),
                target.toString(),
                "--allow-deletes")
            .await(Program.PATIENCE);
    assertThat(killed.exitCode()).as(step + ": " + killed.err()).isEqualTo(Tracer.KILLED);

    program.run("copy", source.toString(), target.toString(), "--allow-deletes").expect(0);

    Judge.assertEqual(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
  }
}
