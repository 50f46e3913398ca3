package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Link groups that are made, joined, split and left between passes; everything else is equal. */
final class LinkGroupsIT extends TwoTrees {
  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr");
  }

  private void assertEqualAfterEach(String... scripts) {
    for (String script : scripts) {
      new Shell(source).output("bash", "-ec", script);
      Program.Run pass =
          program.run("copy", source.toString(), target.toString(), "--allow-deletes").expect(0);
      assertThat(pass.err()).as(script).doesNotContain("problem");
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("C21: what has several names may be of any kind but a directory")
  void several_names_of_other_kinds() {
    assertEqualAfterEach(
        "mkdir d; mkfifo p; ln p d/p; ln -s x s; ln s d/s; mknod c c 1 3; ln c d/c; ln c d/e",
        "rm d/p; chmod 600 c; ln s z; touch -h -d 2001-01-01 s",
        "rm s; ln -s x s; touch -h -r z s");
  }

  @Test
  @DisplayName("C21: names that leave their group, or groups that part, are told by nothing else")
  void groups_that_part() {
    assertEqualAfterEach(
        "mkdir d; echo 1 >a; ln a d/b; ln a c; ln a d/e; echo 2 >f; ln f d/g; cp -p f d/h; ln d/h i",
        "cp -p a x; mv x d/b",
        "cp -p c x; mv x c; ln -f c d/e",
        "ln -f f d/h; ln -f f i",
        "rm f; cp -p d/g x; mv x i; touch d/new; ln i j");
  }
}
