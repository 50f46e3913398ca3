package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What needs root or a file system of its own, on each of the three that servers have. */
@ParameterizedClass
@EnumSource
final class FileSystemIT {
  private static final Name FILE = Name.of("file");
  private static final Name OTHER = Name.of("other");
  private static final Name LINK = Name.of("link");
  private static final List<KernelFeatures> OLD_AND_NEW =
      List.of(KernelFeatures.NONE, KernelFeatures.ofThisKernel());

  private final Type type;
  @TempDir Path base;
  private LoopFileSystem fileSystem;
  private ConfinedRoot root;
  private Directory top;

  FileSystemIT(Type type) {
    this.type = type;
  }

  @BeforeEach
  void mount() throws IOException {
    fileSystem = LoopFileSystem.in(base, type);
    open(KernelFeatures.ofThisKernel());
  }

  @AfterEach
  void unmount() throws IOException {
    if (fileSystem != null) {
      close();
      fileSystem.close();
    }
  }

  private void open(KernelFeatures features) throws IOException {
    root = ConfinedRoot.open(fileSystem.root().toString().getBytes(UTF_8), features);
    top = root.open(TreePath.ROOT);
  }

  private void close() {
    top.close();
    root.close();
  }

  private void reopen(KernelFeatures features) throws IOException {
    close();
    open(features);
  }

  @Test
  @DisplayName("C23: device nodes with small and large numbers")
  void device_nodes_keep_their_numbers() throws IOException {
    top.makeDevice(FILE, Kind.CHARACTER_DEVICE, 0620, new DeviceNumber(1, 3));
    top.makeDevice(OTHER, Kind.BLOCK_DEVICE, 0660, new DeviceNumber(0x1bc, 0x3edcb));

    assertThat(top.status(FILE).kind()).isEqualTo(Kind.CHARACTER_DEVICE);
    assertThat(top.status(FILE).specialMajor()).isEqualTo(1);
    assertThat(top.status(FILE).specialMinor()).isEqualTo(3);
    assertThat(top.status(OTHER).kind()).isEqualTo(Kind.BLOCK_DEVICE);
    assertThat(top.status(OTHER).specialMajor()).isEqualTo(0x1bc);
    assertThat(top.status(OTHER).specialMinor()).isEqualTo(0x3edcb);
    assertThat(top.inodeFlags(FILE, Kind.CHARACTER_DEVICE)).isZero();
  }

  @Test
  @DisplayName("C14, C20: owner and trusted attributes of every kind, symbolic links included")
  void owners_and_trusted_attributes_belong_to_the_entry_itself() throws IOException {
    byte[] key = "trusted.driftless".getBytes(UTF_8);
    top.create(FILE, 0600).close();
    top.makeSymlink(LINK, "file".getBytes(UTF_8));
    top.makeSpecial(Name.of("fifo"), Kind.FIFO, 0600);
    top.makeSpecial(Name.of("socket"), Kind.SOCKET, 0600);
    top.makeDevice(OTHER, Kind.CHARACTER_DEVICE, 0600, new DeviceNumber(1, 3));
    for (KernelFeatures features : OLD_AND_NEW) {
      reopen(features);
      for (Name name : List.of(LINK, Name.of("fifo"), Name.of("socket"), OTHER)) {
        byte[] value = name.toBytes();
        top.setAttribute(name, key, value);
        top.chown(name, 12345, -2);
        assertThat(top.attributes(name)).containsExactly(key);
        assertThat(top.attribute(name, key)).isEqualTo(value);
        assertThat(top.status(name).uid()).isEqualTo(12345);
        assertThat(top.status(name).gid()).isEqualTo(-2);
        assertThat(top.removeAttribute(name, key)).isTrue();
        assertThat(top.attributes(name)).isEmpty();
      }
      assertThat(top.attributes(FILE)).isEmpty();
      assertThat(top.status(FILE).uid()).isZero();
    }
  }

  @Test
  @DisplayName("C20: a value of 64 KiB where the file system has room for it")
  void large_values_arrive_whole_or_are_refused() throws IOException {
    byte[] key = "user.large".getBytes(UTF_8);
    byte[] value = new byte[type == Type.XFS ? 65_536 : 3_000];
    value[value.length - 1] = 7;
    top.create(FILE, 0600).close();
    for (KernelFeatures features : OLD_AND_NEW) {
      reopen(features);
      top.setAttribute(FILE, key, value);
      assertThat(top.attribute(FILE, key)).isEqualTo(value);
    }
    if (type == Type.EXT4) {
      assertThatThrownBy(() -> top.setAttribute(FILE, key, new byte[65_536]))
          .isInstanceOfSatisfying(LinuxException.class, e -> assertThat(e.isNoRoom()).isTrue());
    }
  }

  @Test
  @DisplayName("C22: inode flags by name, by descriptor and in the eyes of lsattr")
  void inode_flags_are_told_alike_by_every_way() throws IOException {
    Needs.tools("chattr", "lsattr");
    top.create(FILE, 0600).close();
    top.makeDirectory(OTHER, 0700);
    Command.run("chattr", "+dA", fileSystem.root() + "/file");
    Command.run("chattr", "+dA", fileSystem.root() + "/other");
    for (KernelFeatures features : OLD_AND_NEW) {
      reopen(features);
      for (Kind kind : List.of(Kind.REGULAR, Kind.DIRECTORY)) {
        Name name = kind == Kind.REGULAR ? FILE : OTHER;
        assertThat(top.inodeFlags(name, kind) & InodeFlags.SETTABLE)
            .isEqualTo(InodeFlags.NO_DUMP | InodeFlags.NO_ACCESS_TIME);
      }
    }
    try (Fd file = top.openForWriting(FILE)) {
      int flags = file.inodeFlags();
      file.setInodeFlags(flags & ~InodeFlags.NO_DUMP | InodeFlags.IMMUTABLE);
      assertThat(Command.run("lsattr", fileSystem.root() + "/file")).matches("(?s)[^d]*i.*");
      assertThatThrownBy(() -> top.remove(FILE)).hasMessageContaining("EPERM");
      file.setInodeFlags(flags);
    }
  }

  @Test
  @DisplayName("C13: times at the borders of what the file system stores")
  void times_are_kept_within_the_limits_of_the_file_system() throws IOException {
    top.create(FILE, 0600).close();
    for (long seconds : new long[] {Integer.MIN_VALUE + 1, -1, 4_294_967_296L}) {
      top.setTimes(FILE, FileTimes.modified(seconds, 1));
      assertThat(top.status(FILE).modifiedSeconds()).isEqualTo(seconds);
      assertThat(top.status(FILE).modifiedNanos()).isEqualTo(1);
    }
    assertThat(top.status(FILE).hasBirthTime()).isTrue();
  }

  @Test
  void extents_are_shared_where_the_file_system_can() throws IOException {
    boolean canShare = type != Type.EXT4;
    try (Arena arena = Arena.ofConfined();
        Fd file = top.create(FILE, 0600);
        Fd copy = top.create(OTHER, 0600);
        Fd part = top.create(LINK, 0600)) {
      MemorySegment data = arena.allocate(1 << 20).fill((byte) 5);
      file.writeAt(0, data);
      file.sync();

      assertThat(copy.cloneFrom(file)).isEqualTo(canShare);
      assertThat(part.cloneRangeFrom(file, 65_536, 65_536, 0)).isEqualTo(canShare);

      assertThat(copy.status().size()).isEqualTo(canShare ? 1 << 20 : 0);
      assertThat(file.copyRange(0, part, 0, 1 << 20)).isEqualTo(1 << 20);
      MemorySegment read = arena.allocate(1 << 20);
      assertThat(part.readAt(0, read)).isEqualTo(1 << 20);
      assertThat(read.mismatch(data)).isEqualTo(-1);
    }
  }

  @Test
  @DisplayName("C38: holes")
  void holes_take_no_room() throws IOException {
    try (Arena arena = Arena.ofConfined();
        Fd file = top.create(FILE, 0600)) {
      file.truncate(1L << 40);
      file.writeAt(1L << 39, arena.allocate(65_536).fill((byte) 1));
      file.sync();
      assertThat(file.nextData(0)).isEqualTo(1L << 39);
      assertThat(file.nextHole(1L << 39)).isEqualTo((1L << 39) + 65_536);
      assertThat(file.status().blocks()).isLessThan(1000);
      assertThat(file.punchHole(1L << 39, 65_536)).isTrue();
      assertThat(file.nextData(0)).isEqualTo(-1);
    }
  }

  @Test
  void a_full_file_system_says_so() throws IOException {
    try (Arena arena = Arena.ofConfined();
        Fd file = top.create(FILE, 0600)) {
      long room = root.fd().fileSystem().bytesAvailable();
      MemorySegment data = arena.allocate(8 << 20).fill((byte) 1);
      assertThatThrownBy(
              () -> {
                for (long at = 0; at <= room * 2; at += data.byteSize()) {
                  file.writeAt(at, data);
                }
              })
          .isInstanceOfSatisfying(LinuxException.class, e -> assertThat(e.isNoRoom()).isTrue())
          .hasMessageContaining("/file: ENOSPC");
    }
  }

  @Test
  void identity_outlives_a_new_mount_and_is_the_one_that_administrators_see() throws IOException {
    Needs.tools("blkid");
    // Probed: what blkid has cached may be of the last image at this loop device.
    String uuid =
        Command.run("blkid", "-p", "-s", "UUID", "-o", "value", fileSystem.device()).strip();
    String identity = root.fd().fileSystemIdentity();
    int generation = root.fd().generation();
    close();
    fileSystem.unmount();
    fileSystem.mount();
    open(KernelFeatures.ofThisKernel());

    assertThat(root.fd().fileSystemIdentity()).isEqualTo(identity);
    assertThat(root.fd().generation()).isEqualTo(generation);
    if (type == Type.XFS) {
      assertThat(root.fd().identityOnOldKernels()).isEqualTo(identity);
    }
    if (identity.startsWith("uuid:")) {
      assertThat(identity).isEqualTo("uuid:" + uuid.replace("-", ""));
    }
    assertThat(root.fd().status().isMountRoot()).isTrue();
  }

  @Test
  void what_a_killed_test_left_mounted_is_unmounted() throws IOException {
    long dead = deadProcess();
    LoopFileSystem left = LoopFileSystem.in(base, Type.EXT4, 8, dead);
    assertThat(left.device()).startsWith("/dev/loop");

    LoopFileSystem.sweep();

    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(left.root() + " ");
    assertThat(Files.exists(left.image())).isFalse();
    assertThat(Files.exists(fileSystem.image())).isTrue();
  }

  private static long deadProcess() throws IOException {
    Process process = new ProcessBuilder("true").start();
    process.onExit().join();
    return process.pid();
  }
}
