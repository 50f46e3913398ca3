package io.driftless.target.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that an entry can carry, on the file systems that servers have. C11 to C25. */
final class MetadataIT {
  private static final String ACCESS = "system.posix_acl_access";
  private static final String DEFAULT = "system.posix_acl_default";
  private static final byte[] MARK = "value".getBytes(US_ASCII);

  /** {@code cap_net_bind_service=ep}, version 2. */
  private static final byte[] CAPABILITY =
      ByteBuffer.allocate(20)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(0x02000001)
          .putInt(1 << 10)
          .putInt(0)
          .putInt(0)
          .putInt(0)
          .array();

  @TempDir Path temporary;
  private @Nullable LoopFileSystem opened;
  private @Nullable ReplicaHarness running;

  private void open(Type type) throws Exception {
    LoopFileSystem fileSystem = LoopFileSystem.in(temporary, type);
    opened = fileSystem;
    Path root = Files.createDirectory(fileSystem.root().resolve("root"));
    running = new ReplicaHarness(root, Standing.SEEDED);
  }

  @AfterEach
  void close() throws Exception {
    if (running != null) {
      running.close();
    }
    if (opened != null) {
      opened.close();
    }
  }

  private ReplicaHarness replica() {
    return requireNonNull(running);
  }

  /** u::rwx,u:1234:rw-,g::r-x,m::rwx,o::r-- in the kernel's format. */
  private static byte[] acl(int user) {
    ByteBuffer acl = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    entry(acl, 0x01, 7, -1);
    entry(acl, 0x02, 6, user);
    entry(acl, 0x04, 5, -1);
    entry(acl, 0x10, 7, -1);
    entry(acl, 0x20, 4, -1);
    return acl.array();
  }

  private static void entry(ByteBuffer acl, int tag, int permissions, int id) {
    acl.putShort((short) tag).putShort((short) permissions).putInt(id);
  }

  private MemoryTree tree(Type type) {
    MemoryTree tree = replica().tree();
    tree.directory("a").directory("a/b").directory("a/b/c").directory("a/b/c/d");
    tree.file("a/b/c/owned", "1").owned("a/b/c/owned", 1001, 1002); // C11, C16
    tree.file("a/setuid", "2").owned("a/setuid", 7, 8).mode("a/setuid", 04755); // C17
    tree.file("a/setgid", "2").owned("a/setgid", 7, 8).mode("a/setgid", 02750);
    tree.directory("a/sticky").owned("a/sticky", 5, 6).mode("a/sticky", 03777); // C18
    tree.file("a/sticky/inside", "3");
    tree.file("a/closed", "4").mode("a/closed", 0).owned("a/closed", 9, 9); // C25
    tree.directory("shut").file("shut/f", "5").mode("shut", 0).owned("shut", 9, 9);
    tree.file("acl", "6").mode("acl", 0774).attribute("acl", ACCESS, acl(1234)); // C19
    tree.directory("acl-directory").mode("acl-directory", 0774);
    tree.attribute("acl-directory", ACCESS, acl(1234));
    tree.attribute("acl-directory", DEFAULT, acl(4321));
    tree.file("acl-directory/inside", "7").directory("acl-directory/below");
    tree.file("xattr", "8").attribute("xattr", "user.empty", new byte[0]); // C20
    tree.attribute("xattr", "user.mark", MARK).attribute("xattr", "trusted.mark", MARK);
    tree.file("capable", "9").owned("capable", 3, 3).mode("capable", 0755);
    tree.attribute("capable", "security.capability", CAPABILITY);
    tree.symlink("link", "a/\u00e9 \n").owned("link", 11, 12).modified("link", 99, 99); // C14
    tree.attribute("link", "trusted.mark", MARK);
    tree.special("null", Kind.CHARACTER_DEVICE, 1L << 32 | 3).owned("null", 2, 2); // C23
    tree.special("loop", Kind.BLOCK_DEVICE, 259L << 32 | 70_000).mode("loop", 0660);
    tree.special("pipe", Kind.FIFO, 0).attribute("pipe", "trusted.mark", MARK);
    tree.special("socket", Kind.SOCKET, 0).mode("socket", 0777);
    tree.file("old", "o").modified("old", -1_000_000, 1); // C13
    tree.file("future", "f").modified("future", 4_291_747_200L, 999_999_999);
    tree.file("flags", "f").flags("flags", InodeFlags.NODUMP | InodeFlags.NOATIME); // C22
    tree.file("immutable", "i").flags("immutable", InodeFlags.IMMUTABLE);
    tree.directory("locked").file("locked/f", "l").flags("locked", InodeFlags.IMMUTABLE);
    tree.file("log", "append").flags("log", InodeFlags.APPEND);
    tree.file("locked/i", "l").flags("locked/i", InodeFlags.IMMUTABLE);
    byte[] large = new byte[300_000];
    tree.file("large", large).owned("large", 1, 1).mode("large", 04711);
    tree.file("large-locked", large).flags("large-locked", InodeFlags.IMMUTABLE);
    for (String directory : List.of("a", "a/b", "a/b/c", "a/b/c/d", "shut", "locked", "")) {
      tree.modified(directory, 1_234_567_890, 987_654_321); // C12
    }
    return tree;
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void everything_arrives_stays_equal_and_can_be_changed(Type type) throws Exception {
    open(type);
    tree(type);
    replica().pass();
    assertThat(replica().source.reasons()).isEmpty();
    replica().requireEqual();
    assertThat(replica().pass().counters().filesCommitted()).isZero();
    assertThat(replica().source.said(Want.class)).isEmpty();

    changeMetadata();
    replica().pass();
    assertThat(replica().source.reasons()).isEmpty();
    assertThat(replica().source.said(Want.class)).isEmpty(); // C26
    replica().requireEqual();

    changeContent();
    replica().pass();
    assertThat(replica().source.reasons()).isEmpty();
    replica().requireEqual();
    unlock();
  }

  private void changeMetadata() {
    MemoryTree tree = replica().tree();
    tree.owned("a/setuid", 17, 18).mode("a/closed", 0600).mode("shut", 0700);
    tree.attribute("acl", ACCESS, acl(77)).attribute("xattr", "user.mark", new byte[] {1});
    tree.owned("capable", 4, 4).flags("flags", 0).flags("immutable", 0);
    tree.flags("log", InodeFlags.IMMUTABLE).mode("locked", 0711).owned("null", 3, 3);
    tree.change("xattr", withoutAttributes(tree, "xattr"));
    tree.change("acl-directory", withoutAttributes(tree, "acl-directory"));
    tree.modified("large", 55, 55).modified("a/b/c", 3, 3);
    tree.modified("large", MemoryTree.TIME.seconds(), MemoryTree.TIME.nanos());
    tree.mode("large", 0600);
  }

  private static io.driftless.protocol.tree.Metadata withoutAttributes(
      MemoryTree tree, String path) {
    var old = tree.node(io.driftless.protocol.tree.TreePath.of(path)).metadata();
    return old.withOwners(old.owner(), old.group(), List.of());
  }

  private void changeContent() {
    MemoryTree tree = replica().tree();
    tree.file("locked/f", "new below an immutable directory");
    tree.file("locked/i", "new in place of an immutable file");
    tree.file("log", "appended").flags("log", InodeFlags.APPEND);
    tree.file("a/b/c/d/new", "deep");
    tree.remove("large-locked").directory("large-locked").file("large-locked/now", "a directory");
    tree.symlink("link", "other");
  }

  private void unlock() throws Exception {
    MemoryTree tree = replica().tree();
    for (String path : List.of("locked", "locked/i", "log")) {
      tree.flags(path, 0);
    }
    replica().pass();
    replica().requireEqual();
  }

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"EXT4"})
  void what_the_file_system_cannot_keep_is_a_problem_by_name(Type type) throws Exception {
    open(type);
    MemoryTree tree = replica().tree();
    tree.file("late", "x").modified("late", 20_000_000_000L, 0);
    tree.file("much", "x").attribute("much", "user.much", new byte[20_000]);
    tree.file("cow", "x").flags("cow", InodeFlags.NOCOW | InodeFlags.NODUMP);
    tree.file("fine", "x");

    replica().pass();

    assertThat(replica().source.reasons())
        .contains("late time-unsupported", "much attribute-no-room", "cow flag-unsupported");
    assertThat(replica().root.resolve("fine")).hasContent("x");
    assertThat(replica().root.resolve("late")).hasContent("x");
    assertThat(replica().root.resolve("much")).hasContent("x");
  }

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"EXT4", "XFS"})
  void the_default_acl_and_group_of_the_root_leak_into_nothing(Type type) throws Exception {
    open(type);
    io.driftless.protocol.linux.Command.run("chmod", "2775", replica().root.toString());
    io.driftless.protocol.linux.Command.run("chgrp", "12345", replica().root.toString());
    io.driftless.protocol.linux.Command.run(
        "setfacl", "-d", "-m", "u:99:rwx", replica().root.toString());
    io.driftless.protocol.linux.Command.run("chattr", "+d", replica().root.toString());
    MemoryTree tree = replica().tree();
    tree.directory("d").file("d/f", "x").file("f", "x").special("p", Kind.FIFO, 0);
    tree.owned("", 0, 12345).mode("", 02775).attribute("", DEFAULT, defaultOf99());
    tree.flags("", InodeFlags.NODUMP);

    replica().pass();

    assertThat(replica().source.reasons()).isEmpty();
    replica().requireEqual();
  }

  private static byte[] defaultOf99() {
    ByteBuffer acl = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    entry(acl, 0x01, 7, -1);
    entry(acl, 0x02, 7, 99);
    entry(acl, 0x04, 7, -1);
    entry(acl, 0x10, 7, -1);
    entry(acl, 0x20, 5, -1);
    return acl.array();
  }
}
