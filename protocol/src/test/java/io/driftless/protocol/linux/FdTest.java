package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FdTest {
  private static final Name FILE = Name.of("file");
  private static final Name OTHER = Name.of("other");
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path base;
  private final Arena arena = Arena.ofConfined();
  private ConfinedRoot root;
  private Directory top;

  @BeforeEach
  void open() throws IOException {
    root = ConfinedRoot.open(base.toString());
    top = root.open(TreePath.ROOT);
  }

  @AfterEach
  void close() {
    top.close();
    root.close();
    arena.close();
  }

  @Test
  void what_is_written_at_an_offset_is_read_from_there() throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      file.writeAt(5, memory("hello"));
      MemorySegment into = arena.allocate(100);

      assertThat(file.readAt(3, into)).isEqualTo(7);

      assertThat(into.asSlice(0, 7).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo("\0\0hello".getBytes(UTF_8));
      assertThat(file.readAt(10, into)).isZero();
      assertThat(file.status().size()).isEqualTo(10);
    }
  }

  @Test
  void heap_memory_is_refused() throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      assertThatThrownBy(() -> file.writeAt(0, MemorySegment.ofArray(new byte[1])))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("C38: holes are found, made by extending and made by punching")
  void data_and_holes_are_told_apart() throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      file.truncate(4 * MEBIBYTE);
      assertThat(file.nextData(0)).isEqualTo(-1);
      file.writeAt(MEBIBYTE, arena.allocate(2 * MEBIBYTE).fill((byte) 1));

      assertThat(file.nextData(0)).isEqualTo(MEBIBYTE);
      assertThat(file.nextHole(MEBIBYTE)).isEqualTo(3 * MEBIBYTE);
      assertThat(file.nextHole(4 * MEBIBYTE)).isEqualTo(-1);

      assertThat(file.punchHole(MEBIBYTE, MEBIBYTE)).isTrue();
      assertThat(file.nextData(0)).isEqualTo(2 * MEBIBYTE);
      assertThat(file.status().size()).isEqualTo(4 * MEBIBYTE);
    }
  }

  @Test
  void reserved_room_does_not_change_the_size() throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      assertThat(file.reserve(0, MEBIBYTE)).isTrue();
      assertThat(file.status().size()).isZero();
      assertThat(file.status().blocks()).isGreaterThanOrEqualTo(MEBIBYTE / 512);
    }
  }

  @Test
  void a_range_is_copied_at_any_alignment_up_to_the_end() throws IOException {
    try (Fd from = top.create(FILE, 0600);
        Fd into = top.create(OTHER, 0600)) {
      from.writeAt(0, memory("0123456789"));

      assertThat(from.copyRange(3, into, 1, 100)).isEqualTo(7);

      MemorySegment read = arena.allocate(100);
      assertThat(into.readAt(0, read)).isEqualTo(8);
      assertThat(read.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo("\0003456789".getBytes(UTF_8));
    }
  }

  @Test
  @DisplayName("C15: reading a file leaves its access time alone")
  void reading_does_not_move_the_access_time() throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      file.writeAt(0, memory("text"));
      file.setTimes(new FileTimes(1000, 0, 2_000_000_000L, 0));
    }
    try (Fd file = top.openForReading(FILE)) {
      file.advise(0, 0, AccessPattern.SEQUENTIAL);
      assertThat(file.readAt(0, arena.allocate(10))).isEqualTo(4);
    }
    assertThat(top.status(FILE).accessSeconds()).isEqualTo(1000);
  }

  @Test
  void attributes_and_modes_go_through_the_descriptor() throws IOException {
    byte[] key = "user.key".getBytes(UTF_8);
    try (Fd file = top.create(FILE, 0600)) {
      assertThat(file.attributes()).isEmpty();
      file.setAttribute(key, key);
      assertThat(file.attributes()).containsExactly(key);
      assertThat(file.attribute(key)).isEqualTo(key);
      assertThat(file.removeAttribute(key)).isTrue();
      assertThat(file.attribute(key)).isNull();
      file.chmod(04711);
      assertThat(file.status().permissions()).isEqualTo(04711);
    }
  }

  @Test
  void an_attribute_may_have_64_kibibytes_and_no_more() throws IOException {
    byte[] key = "user.key".getBytes(UTF_8);
    try (Fd file = top.create(FILE, 0600)) {
      assertThatThrownBy(() -> file.setAttribute(key, new byte[65_537]))
          .hasMessageContaining("E2BIG");
      assertThatThrownBy(() -> file.setAttribute(new byte[256], new byte[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.setAttribute(new byte[] {'u', 0}, new byte[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_lock_excludes_others_until_it_is_closed() throws IOException {
    top.create(FILE, 0600).close();
    try (Fd second = top.openForWriting(FILE)) {
      try (Fd first = top.openForWriting(FILE)) {
        assertThat(first.tryLock()).isTrue();
        assertThat(second.tryLock()).isFalse();
      }
      assertThat(second.tryLock()).isTrue();
    }
  }

  @Test
  void syncing_succeeds_for_files_directories_and_the_whole() throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      file.sync();
      file.syncContent();
    }
    top.fd().sync();
    root.fd().syncFileSystem();
  }

  @Test
  void the_file_system_tells_its_room_and_identity() throws IOException {
    FileSystem fileSystem = root.fd().fileSystem();
    assertThat(fileSystem.bytesAvailable())
        .isCloseTo(
            Files.getFileStore(base).getUsableSpace(),
            org.assertj.core.data.Percentage.withPercentage(10));
    assertThat(fileSystem.nameBytesMax()).isEqualTo(255);
    assertThat(root.fd().fileSystemIdentity())
        .matches("uuid:[0-9a-f]{32}|fsid:[0-9a-f]{16}")
        .isEqualTo(top.fd().fileSystemIdentity());
  }

  @Test
  void status_by_name_and_by_descriptor_agree_with_what_java_sees() throws IOException {
    try (Fd file = top.create(FILE, 0640)) {
      file.writeAt(0, memory("12345"));
      FileStatus status = top.status(FILE);
      var java = Files.readAttributes(base.resolve("file"), "unix:*");

      assertThat(status.inode()).isEqualTo(java.get("ino")).isEqualTo(file.status().inode());
      assertThat(status.uid()).isEqualTo(java.get("uid"));
      assertThat(status.gid()).isEqualTo(java.get("gid"));
      assertThat(status.linkCount()).isEqualTo(java.get("nlink"));
      assertThat(status.size()).isEqualTo(5);
      assertThat(status.blocks()).isGreaterThan(0);
      assertThat(status.device()).isEqualTo(root.fd().status().device()).isNotZero();
      assertThat(status.mountId()).isEqualTo(root.fd().status().mountId());
      assertThat(status.changeSeconds()).isGreaterThanOrEqualTo(status.modifiedSeconds());
      assertThat(status.isMountRoot()).isFalse();
    }
  }

  @Test
  void closing_twice_is_harmless_and_use_after_close_is_a_bug() throws IOException {
    Fd file = top.create(FILE, 0600);
    int number = file.number();
    file.close();
    try (Fd other = top.openForReading(FILE)) {
      assertThat(other.number()).isEqualTo(number);
      file.close();
      assertThat(other.status().isRegular()).isTrue();
      assertThatThrownBy(file::status).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void no_descriptor_is_left_behind() throws IOException {
    top.makeDirectory(Name.of("a"), 0700);
    long before = openDescriptors();
    for (int i = 0; i < 50; i++) {
      root.open(TreePath.of("a")).close();
      assertThat(root.openIfPresent(TreePath.of("a/b/c"))).isNull();
      top.attributes(Name.of("a"));
      assertThatThrownBy(() -> top.openChild(Name.of("none"))).isInstanceOf(LinuxException.class);
    }
    assertThat(openDescriptors()).isLessThan(before + 25);
  }

  private static long openDescriptors() throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links.count();
    }
  }

  private MemorySegment memory(String text) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
  }

  @Test
  void flags_that_the_temporary_file_system_knows_are_told_by_name_as_by_descriptor()
      throws IOException {
    try (Fd file = top.create(FILE, 0600)) {
      int before = file.inodeFlags();
      file.setInodeFlags(before | InodeFlags.NO_DUMP);
      int told = top.inodeFlags(FILE, io.driftless.protocol.tree.Kind.REGULAR);
      assertThat(told & InodeFlags.SETTABLE)
          .isEqualTo(file.inodeFlags() & InodeFlags.SETTABLE)
          .isEqualTo((before | InodeFlags.NO_DUMP) & InodeFlags.SETTABLE);
      assertThat(Arrays.asList(told & InodeFlags.NO_DUMP)).containsExactly(InodeFlags.NO_DUMP);
    }
  }
}
