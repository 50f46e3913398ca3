package io.driftless.source.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C10, B25: a volume ends where something is mounted. */
final class MountPassIT {
  @TempDir Path temporary;
  private PassFixture volume;
  private Path directory;
  private Path file;

  @BeforeEach
  void mount() throws Exception {
    Needs.root();
    Needs.tools("mount", "umount");
    volume = new PassFixture(temporary);
    volume.write("ordinary", 10);
    file = volume.write("covered", 10);
    directory = Files.createDirectories(volume.root.resolve("below/mounted"));
    Path outside = Files.write(temporary.resolve("outside"), new byte[77]);
    Command.run("mount", "-t", "tmpfs", "-o", "size=1m", "none", directory.toString());
    Files.write(directory.resolve("secret"), new byte[10]);
    Command.run("mount", "--bind", outside.toString(), file.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    Command.run("umount", directory.toString());
    Command.run("umount", file.toString());
    volume.close();
  }

  @Test
  void what_is_mounted_is_named_and_not_read() throws Exception {
    volume.passCompletes();

    assertThat(volume.notices).hasSize(2).allMatch(notice -> notice.slug().equals("mount-point"));
    assertThat(volume.notices)
        .anyMatch(notice -> notice.message().contains("below/mounted"))
        .anyMatch(notice -> notice.message().contains("covered"));
    assertThat(volume.target.replica.everything().keySet().stream().map(TreePath::toString))
        .containsExactlyInAnyOrder("ordinary", "below", "below/mounted");
    assertThat(requireNonNull(volume.target.replica.self(TreePath.of("below/mounted"))).kind())
        .isEqualTo(io.driftless.protocol.tree.Kind.DIRECTORY);
    assertThat(volume.problems).isEmpty();
    volume.nothingIsLeft();
  }

  @Test
  void what_was_mounted_counts_as_unread_when_it_is_mounted_no_more() throws Exception {
    volume.passCompletes();
    Command.run("umount", directory.toString());
    try {
      Files.write(directory.resolve("from before the mount"), new byte[10]);

      volume.passCompletes();

      assertThat(volume.mountPoints).containsExactly(TreePath.of("below/mounted"));
      assertThat(volume.notices)
          .anyMatch(notice ->
              notice.slug().equals("mount-changed") && notice.message().contains("below/mounted"));
      assertThat(volume.target.replica.everything().keySet().stream().map(TreePath::toString))
          .doesNotContain("below/mounted/from before the mount");

      volume.mountPoints.clear(); // as a pass with deletions allowed does
      volume.passCompletes();

      assertThat(volume.target.replica.everything().keySet().stream().map(TreePath::toString))
          .contains("below/mounted/from before the mount");
    } finally {
      Command.run("mount", "-t", "tmpfs", "-o", "size=1m", "none", directory.toString());
    }
  }
}
