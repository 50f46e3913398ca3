package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Inode flags that refuse changes, or can be set only once, on files that change nevertheless. */
final class InodeFlagsIT extends TwoTrees {
  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr", "chattr");
  }

  /** Changes to the source, each followed by a pass after which the trees are equal. */
  private void assertEqualAfterEach(Type type, String... scripts) throws IOException {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      try {
        for (String script : scripts) {
          new Shell(from).output("bash", "-ec", script);
          Program.Run pass =
              program.run("copy", from.toString(), to.toString(), "--allow-deletes").expect(0);
          assertThat(pass.err()).as(script).doesNotContain("problem");
          Judge.assertEqual(from, to);
        }
      } finally {
        new Shell(disk.root()).run("chattr", "-R", "-f", "-i", "-a", ".");
      }
    }
  }

  @Test
  @DisplayName("C21, C22: a link group that becomes append-only, grows and shrinks stays so")
  void a_locked_link_group_changes() throws IOException {
    assertEqualAfterEach(
        Type.EXT4,
        "mkdir d; echo 1 >f; ln f g; ln f d/h; ln f d/i",
        "chattr +a f",
        "chattr -a f; ln f d/j; ln f z; chattr +i f",
        "chattr -i f; rm g; echo 2 >g; chattr +i f");
  }

  @Test
  @DisplayName("C22: a file that is not copied on write is made so, whatever its size")
  void a_file_that_is_not_copied_on_write() throws IOException {
    assertEqualAfterEach(
        Type.BTRFS,
        "mkdir d; for f in f d/g large; do touch $f; chattr +C $f; done; echo 1 >f;"
            + " head -c 300K /dev/urandom >d/g; head -c 3M /dev/urandom >large; echo 2 >plain",
        "ln d/g h; printf x | dd of=large bs=1 seek=1M conv=notrunc status=none; chmod 600 f",
        "cp -p plain p; rm plain; touch plain; chattr +C plain; cat p >plain; touch -r p plain;"
            + " cp -p large l; rm large; mv l large; chattr +C d; echo 3 >d/inherits");
  }
}
