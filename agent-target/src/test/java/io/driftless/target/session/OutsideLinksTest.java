package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.VolumeMessage.Standing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the volume that have names outside of it. */
@DisplayName("B24: hard links to the outside")
final class OutsideLinksTest {
  @TempDir Path outer;
  private Path root;
  private Path outside;

  @BeforeEach
  void link() throws Exception {
    root = Files.createDirectory(outer.resolve("root"));
    outside = Files.writeString(outer.resolve("outside"), "content");
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(
        outside,
        FileTime.from(
            MemoryTree.TIME.seconds() * 1_000_000_000 + MemoryTree.TIME.nanos(),
            TimeUnit.NANOSECONDS));
    Files.createLink(root.resolve("f"), outside);
  }

  @Test
  void other_metadata_breaks_the_link_instead_of_reaching_through_it() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      replica.tree().file("f", "content").mode("f", 0666);

      replica.pass();

      assertThat(replica.source.said(Want.class)).isEmpty();
      assertThat(Files.getPosixFilePermissions(outside)).hasSize(2);
      replica.requireEqual();
    }
  }

  @Test
  void other_content_breaks_it_too() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      replica.tree().file("f", "something else");

      replica.pass();

      assertThat(outside).hasContent("content");
      replica.requireEqual();
    }
  }
}
