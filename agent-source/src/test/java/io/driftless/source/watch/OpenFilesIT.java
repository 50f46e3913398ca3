package io.driftless.source.watch;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.tree.TreePath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that may change without an event. */
final class OpenFilesIT {
  @TempDir Path base;
  private Path volume;
  private ConfinedRoot root;

  @BeforeEach
  void make() throws Exception {
    volume = Files.createDirectories(base.resolve("volume"));
    Files.createDirectory(volume.resolve("d"));
    for (String name : new String[] {"read", "written", "mapped", "linked"}) {
      Files.writeString(volume.resolve("d").resolve(name), name);
    }
    Files.writeString(base.resolve("outside"), "x");
    root = ConfinedRoot.open(volume.toString());
  }

  @AfterEach
  void close() {
    root.close();
  }

  private OpenFiles.InVolume look() throws Exception {
    return OpenFiles.look(List.of(root)).volumes().getFirst();
  }

  @Test
  void files_that_are_open_for_writing_are_found_and_no_others() throws Exception {
    try (var written = FileChannel.open(volume.resolve("d/written"), WRITE);
        var read = FileChannel.open(volume.resolve("d/read"), READ);
        var outside = FileChannel.open(base.resolve("outside"), WRITE)) {
      assertThat(written.isOpen() && read.isOpen() && outside.isOpen()).isTrue();
      assertThat(look().paths()).containsExactly(TreePath.of("d/written"));
    }
    assertThat(look().paths()).isEmpty();
  }

  @Test
  @DisplayName("C54: what is mapped shared and writable is found, also when it has been closed")
  void files_that_are_mapped_shared_and_writable_are_found_when_they_are_closed() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapping;
      try (var file = FileChannel.open(volume.resolve("d/mapped"), READ, WRITE)) {
        mapping = file.map(FileChannel.MapMode.READ_WRITE, 0, 4, arena);
      }
      mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 'M');
      Needs.root(); // to follow the links of mappings
      assertThat(look().paths()).containsExactly(TreePath.of("d/mapped"));
    }
  }

  @Test
  @DisplayName("C64: a file that lost its name is found by another one or by its inode")
  void a_file_that_lost_its_name_is_found_by_another_one_or_by_its_inode() throws Exception {
    Needs.root();
    Path other = Files.createLink(volume.resolve("d/other"), volume.resolve("d/linked"));
    long inode = (long) Files.getAttribute(other, "unix:ino");
    try (var linked = FileChannel.open(volume.resolve("d/linked"), WRITE);
        var gone = FileChannel.open(volume.resolve("d/written"), WRITE)) {
      Files.delete(volume.resolve("d/linked"));
      Files.delete(volume.resolve("d/written"));
      assertThat(linked.isOpen() && gone.isOpen()).isTrue();
      OpenFiles.InVolume found = look();
      assertThat(
              found.paths().equals(Set.of(TreePath.of("d/other")))
                  || found.inodes().equals(Set.of(inode)))
          .as("%s", found)
          .isTrue();
    }
  }

  @Test
  void a_file_that_was_opened_through_another_mount_is_found() throws Exception {
    Needs.root();
    Needs.tools("mount", "umount");
    Path bound = Files.createDirectory(base.resolve("bound"));
    Command.run("mount", "--bind", volume + "/d", bound.toString());
    try (var written = FileChannel.open(bound.resolve("written"), WRITE)) {
      assertThat(written.isOpen()).isTrue();
      assertThat(look().paths()).containsExactly(TreePath.of("d/written"));
    } finally {
      Command.run("umount", bound.toString());
    }
  }

  @Test
  void an_image_that_is_mounted_is_found() throws Exception {
    try (var image = LoopFileSystem.beside(volume.resolve("d"), LoopFileSystem.Type.EXT4, 8)) {
      assertThat(look().paths()).contains(TreePath.of("d/" + image.image().getFileName()));
    }
  }
}
