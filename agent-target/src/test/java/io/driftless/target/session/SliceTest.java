package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C66: whether everything that the target had was listed")
final class SliceTest {
  @TempDir private Path root;
  private final Slice slice =
      new Slice(
          1,
          TreePath.ROOT,
          Scope.ALL,
          null,
          new Mailbox(new Workers("test-slice", 1, () -> {})),
          new Question(1, new ScriptedSource(), new ContentRequests(1 << 20)));

  @BeforeEach
  void fill() throws IOException {
    Files.writeString(root.resolve("f"), "content");
    Files.createDirectory(root.resolve("d"));
  }

  private FileStatus status(String name) throws IOException {
    try (ConfinedRoot volume = ConfinedRoot.open(root.toString());
        Directory directory = volume.open(TreePath.ROOT)) {
      return directory.status(Name.of(name));
    }
  }

  @Test
  void a_file_that_is_tried_again_for_lack_of_room_is_one_file() throws IOException {
    slice.entriesHere = 2;

    slice.met(0, status("f"));
    slice.met(0, status("f"));

    assertThat(slice.isAllMet()).isFalse();
    slice.met(1, status("f"));
    assertThat(slice.isAllMet()).isTrue();
  }

  @Test
  void a_directory_that_this_pass_may_have_made_takes_the_place_of_nothing() throws IOException {
    slice.entriesHere = 1;

    slice.met(0, status("d"));

    assertThat(slice.isAllMet()).isFalse();
  }
}
