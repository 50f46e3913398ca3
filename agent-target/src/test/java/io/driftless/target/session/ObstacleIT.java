package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way on the target: mounts, limits of the file system, a read-only one. */
final class ObstacleIT {
  @TempDir Path temporary;
  private LoopFileSystem fileSystem;
  private Path root;
  private ReplicaHarness replica;

  @BeforeEach
  void open() throws Exception {
    fileSystem = LoopFileSystem.in(temporary, Type.EXT4, 128);
    root = Files.createDirectory(fileSystem.root().resolve("root"));
    replica = new ReplicaHarness(root, Standing.SEEDED);
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
    fileSystem.close();
  }

  @Test
  void a_mount_on_the_target_is_named_and_nothing_goes_into_it() throws Exception { // B25
    Path mounted = Files.createDirectories(root.resolve("a/mounted"));
    Path deeper = Files.createDirectories(root.resolve("b/deep/mounted"));
    Command.run("mount", "-t", "tmpfs", "none", mounted.toString());
    Command.run("mount", "-t", "tmpfs", "none", deeper.toString());
    try {
      Files.writeString(mounted.resolve("canary"), "alive");
      Files.writeString(deeper.resolve("canary"), "alive");
      replica.tree().directory("a").directory("a/mounted").file("a/mounted/f", "x");
      replica.tree().file("b", "a file in place of a directory with a mount in it");
      replica.tree().file("a/other", "y");

      replica.pass();

      assertThat(replica.source.reasons())
          .contains("a/mounted mount-in-the-way", "b mount-in-the-way");
      assertThat(mounted.resolve("f")).doesNotExist();
      assertThat(mounted.resolve("canary")).hasContent("alive");
      assertThat(deeper.resolve("canary")).hasContent("alive");
      assertThat(root.resolve("a/other")).hasContent("y");
    } finally {
      Command.run("umount", mounted.toString());
      Command.run("umount", deeper.toString());
    }
  }

  @Test
  void a_name_that_the_inode_has_no_room_for_becomes_a_copy() throws Exception { // C21, B23
    replica.tree().file("first", "x");
    replica.pass();
    Path crowd = Files.createDirectory(fileSystem.root().resolve("crowd"));
    for (int i = 1; i < 65_000; i++) {
      Files.createLink(crowd.resolve("l" + i), root.resolve("first"));
    }
    replica.tree().file("second", "x").linked("first", "second");

    replica.pass();

    assertThat(replica.source.reasons()).containsExactly("second too-many-links");
    assertThat(root.resolve("second")).hasContent("x");
    assertThat(Files.getAttribute(root.resolve("second"), "unix:nlink")).isEqualTo(1);
  }

  @Test
  void a_read_only_file_system_ends_the_pass_with_its_reason() throws Exception { // C45
    Command.run("mount", "-o", "remount,ro", fileSystem.root().toString());
    replica.tree().file("f", "x");

    var result = failedPass();

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.slug()).isEqualTo("read-only");
    Command.run("mount", "-o", "remount,rw", fileSystem.root().toString());
    assertThat(replica.pass().outcome()).isEqualTo(Outcome.COMPLETE);
    replica.requireEqual();
  }

  private io.driftless.protocol.message.PassMessage.PassResult failedPass() throws Exception {
    replica.source.begin();
    assertThat(org.assertj.core.api.Assertions.catchThrowable(replica.source::walk))
        .hasMessageContaining("ended with");
    return replica
        .source
        .said(io.driftless.protocol.message.PassMessage.PassResult.class)
        .getFirst();
  }

  @Test
  void an_entry_that_cannot_be_made_does_not_keep_the_others_away() throws Exception {
    replica.tree().special("odd", Kind.CHARACTER_DEVICE, 100_000L << 32 | 3).file("f", "x");

    replica.pass();

    assertThat(replica.source.reasons()).containsExactly("odd kind-unsupported");
    assertThat(root.resolve("f")).hasContent("x");
  }
}
