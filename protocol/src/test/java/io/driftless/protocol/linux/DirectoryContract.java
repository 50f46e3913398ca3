package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every confined directory does, however it is confined. */
abstract class DirectoryContract {
  private static final SeededHash HASH = new SeededHash(7);
  private static final Name FILE = Name.of("file");
  private static final Name OTHER = Name.of("other");
  private static final Name SUB = Name.of("sub");
  private static final Name LINK = Name.of("link");

  @TempDir Path base;
  private Path inside;
  private Path outside;
  private ConfinedRoot root;
  private Directory top;

  abstract KernelFeatures features();

  @BeforeEach
  void openRoot() throws IOException {
    inside = Files.createDirectory(base.resolve("inside"));
    outside = Files.createDirectory(base.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    root = ConfinedRoot.open(inside.toString().getBytes(UTF_8), features());
    top = root.open(TreePath.ROOT);
  }

  @AfterEach
  void closeRoot() {
    top.close();
    root.close();
  }

  // Names

  @Test
  @DisplayName("C4: names that aren't UTF-8 or hold a newline are kept byte by byte")
  void names_are_bytes_from_end_to_end() throws IOException {
    Name bytes = Name.of(new byte[] {(byte) 0xff, (byte) 0xfe});
    Name newline = Name.of("a\nb");
    top.create(bytes, 0600).close();
    top.makeDirectory(newline, 0700);

    var kinds = new HashMap<Name, Kind>();
    try (DirectoryEntries entries = top.entries()) {
      while (entries.next()) {
        kinds.put(entries.name(), entries.kind());
        assertThat(entries.inode()).isEqualTo(top.status(entries.name()).inode());
        assertThat(FileVersion.of(requireNonNull(entries.statusIfPresent())))
            .isEqualTo(FileVersion.of(top.status(entries.name())));
        assertThat(entries.nameHash(HASH)).isEqualTo(HASH.hash64(entries.name()));
      }
    }

    assertThat(kinds)
        .containsOnly(Map.entry(bytes, Kind.REGULAR), Map.entry(newline, Kind.DIRECTORY));
  }

  @Test
  @DisplayName("C3: names of 255 bytes")
  void the_longest_name_works_everywhere() throws IOException {
    Name longest = Name.of("n".repeat(255));
    top.makeDirectory(longest, 0700);
    try (Directory child = top.openChild(longest)) {
      child.create(longest, 0600).close();
      child.rename(longest, top, OTHER, RenameMode.REPLACE);
    }
    assertThat(top.status(OTHER).isRegular()).isTrue();
  }

  @Test
  void a_listing_of_twenty_thousand_names_is_complete_and_can_be_repeated() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      top.link(linkSource(i), top, Name.of("name-" + i));
    }
    try (DirectoryEntries entries = top.entries()) {
      assertThat(namesOf(entries)).hasSize(20_001);
      entries.rewind();
      assertThat(namesOf(entries)).hasSize(20_001);
    }
    try (DirectoryEntries again = top.entries()) {
      assertThat(namesOf(again)).contains(Name.of("name-19999")).hasSize(20_001);
    }
  }

  private Name linkSource(int i) throws IOException {
    if (i == 0) {
      top.create(FILE, 0600).close();
    }
    return FILE;
  }

  private static HashSet<Name> namesOf(DirectoryEntries entries) throws IOException {
    var names = new HashSet<Name>();
    while (entries.next()) {
      names.add(entries.name());
    }
    return names;
  }

  @Test
  void an_entry_that_has_gone_since_it_was_listed_has_no_status() throws IOException {
    top.create(FILE, 0600).close();
    try (DirectoryEntries entries = top.entries()) {
      assertThat(entries.next()).isTrue();
      top.remove(FILE);
      assertThat(entries.statusIfPresent()).isNull();
    }
  }

  @Test
  void two_listings_on_one_thread_do_not_disturb_each_other() throws IOException {
    top.makeDirectory(SUB, 0700);
    top.create(FILE, 0600).close();
    try (Directory sub = top.openChild(SUB);
        DirectoryEntries outer = top.entries()) {
      sub.create(OTHER, 0600).close();
      assertThat(outer.next()).isTrue();
      try (DirectoryEntries inner = sub.entries()) {
        assertThat(namesOf(inner)).containsExactly(OTHER);
      }
      var rest = new HashSet<Name>();
      rest.add(outer.name());
      rest.addAll(namesOf(outer));
      assertThat(rest).containsExactlyInAnyOrder(SUB, FILE);
    }
  }

  // Paths

  @Test
  @DisplayName("C1, C3: 70 components, and a path longer than PATH_MAX")
  void deep_and_long_paths_are_reached() throws IOException {
    TreePath path = makeChain(70, Name.of("component-" + "x".repeat(80)));
    assertThat(path.length()).isGreaterThan(4096);
    try (Directory deepest = root.open(path)) {
      deepest.create(FILE, 0600).close();
      assertThat(deepest.path()).isEqualTo(path);
    }
    try (Directory again = root.open(path)) {
      assertThat(again.status(FILE).isRegular()).isTrue();
    }
    removeChain(path);
  }

  private TreePath makeChain(int depth, Name name) throws IOException {
    TreePath path = TreePath.ROOT;
    Directory at = root.open(path);
    for (int i = 0; i < depth; i++) {
      at.makeDirectory(name, 0700);
      Directory next = at.openChild(name);
      at.close();
      at = next;
      path = path.resolve(name);
    }
    at.close();
    return path;
  }

  /** The test's own clean-up can't delete beyond PATH_MAX. */
  private void removeChain(TreePath path) throws IOException {
    try (Directory deepest = root.open(path)) {
      deepest.remove(FILE);
    }
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      try (Directory parent = root.open(at.parent())) {
        parent.removeDirectory(at.name());
      }
    }
  }

  @Test
  void absence_is_an_answer_where_it_may_be_one() throws IOException {
    assertThat(root.openIfPresent(TreePath.of("no/such/place"))).isNull();
    assertThat(top.openChildIfPresent(SUB)).isNull();
    assertThat(top.statusIfPresent(FILE)).isNull();
    assertThat(top.openForReadingIfPresent(FILE)).isNull();
    assertThat(top.remove(FILE)).isFalse();
    assertThat(top.removeDirectory(SUB)).isFalse();
    assertThatThrownBy(() -> root.open(TreePath.of("no")))
        .isInstanceOf(LinuxException.class)
        .hasMessageMatching("openat2? " + inside + "/no: ENOENT \\(No such file or directory\\)");
  }

  @Test
  @DisplayName("B2: a symbolic link in the middle is refused by name and owner")
  void a_link_on_the_way_is_refused_and_named() throws IOException {
    Files.createSymbolicLink(inside.resolve("link"), outside);
    Files.createDirectory(outside.resolve("sub"));

    var refused = refusalOf(() -> root.open(TreePath.of("link/sub")));

    assertThat(refused.reason()).isEqualTo(ConfinementException.Reason.SYMLINK);
    assertThat(refused.component()).isEqualTo(inside + "/link");
    assertThat(refused)
        .hasMessageContaining(
            "refused at " + inside + "/link, which is a symbolic link of uid " + uid());
  }

  private static int uid() {
    return ThisProcess.effectiveUid();
  }

  @Test
  @DisplayName("B2: a symbolic link as the last component is refused, whatever it leads to")
  void a_link_at_the_end_is_refused_and_named() throws IOException {
    top.makeDirectory(SUB, 0700);
    Files.createSymbolicLink(inside.resolve("link"), Path.of("sub"));
    Files.createSymbolicLink(inside.resolve("to-file"), outside.resolve("secret"));

    assertThat(refusalOf(() -> root.open(TreePath.of("link"))).component())
        .isEqualTo(inside + "/link");
    assertThat(refusalOf(() -> top.openChild(LINK)).reason())
        .isEqualTo(ConfinementException.Reason.SYMLINK);
    assertThat(refusalOf(() -> top.openForReading(Name.of("to-file"))).reason())
        .isEqualTo(ConfinementException.Reason.SYMLINK);
    assertThat(refusalOf(() -> top.openForWriting(Name.of("to-file"))).reason())
        .isEqualTo(ConfinementException.Reason.SYMLINK);
    assertThatThrownBy(() -> top.create(Name.of("to-file"), 0600))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
  }

  @Test
  void a_file_on_the_way_is_refused_and_named() throws IOException {
    top.create(FILE, 0600).close();

    var refused = refusalOf(() -> root.open(TreePath.of("file/below")));

    assertThat(refused.reason()).isEqualTo(ConfinementException.Reason.NOT_A_DIRECTORY);
    assertThat(refused.component()).isEqualTo(inside + "/file");
  }

  @Test
  void a_root_that_is_a_link_or_a_file_is_refused() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("root-link"), inside);
    Path file = Files.createFile(base.resolve("root-file"));
    assertThat(refusalOf(() -> ConfinedRoot.open(link.toString())).reason())
        .isEqualTo(ConfinementException.Reason.SYMLINK);
    assertThat(refusalOf(() -> ConfinedRoot.open(file.toString())).reason())
        .isEqualTo(ConfinementException.Reason.NOT_A_DIRECTORY);
    assertThatThrownBy(() -> ConfinedRoot.open(base + "/none"))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("ENOENT");
    assertThatThrownBy(() -> ConfinedRoot.open("relative"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ConfinementException refusalOf(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    return catchThrowableOfType(ConfinementException.class, work);
  }

  // Making and removing

  @Test
  void every_kind_that_needs_no_rights_is_made_and_told_apart() throws IOException {
    top.makeDirectory(SUB, 0750);
    top.makeSpecial(Name.of("fifo"), Kind.FIFO, 0640);
    top.makeSpecial(Name.of("socket"), Kind.SOCKET, 0600);
    top.makeSymlink(LINK, new byte[] {'t', (byte) 0xff});
    top.create(FILE, 0640).close();

    assertThat(top.status(SUB).kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(top.status(Name.of("fifo")).kind()).isEqualTo(Kind.FIFO);
    assertThat(top.status(Name.of("socket")).kind()).isEqualTo(Kind.SOCKET);
    assertThat(top.status(LINK).kind()).isEqualTo(Kind.SYMLINK);
    assertThat(top.status(FILE).kind()).isEqualTo(Kind.REGULAR);
    assertThat(top.status(FILE).permissions()).isEqualTo(0640);
    assertThat(top.readLink(LINK)).containsExactly('t', 0xff);
    assertThatThrownBy(() -> top.makeSymlink(OTHER, new byte[5000]))
        .isInstanceOf(LinuxException.class);
  }

  @Test
  @DisplayName("B25: a FIFO or socket where a file is expected blocks nothing")
  void opening_a_fifo_does_not_block() throws IOException {
    top.makeSpecial(FILE, Kind.FIFO, 0600);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          try (Fd fifo = top.openForReading(FILE)) {
            assertThat(fifo.status().kind()).isEqualTo(Kind.FIFO);
          }
          top.openForWriting(FILE).close();
        });
  }

  @Test
  void renames_replace_keep_or_exchange() throws IOException {
    write(FILE, "one");
    write(OTHER, "two");

    assertThatThrownBy(() -> top.rename(FILE, top, OTHER, RenameMode.KEEP))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining(inside + "/file -> " + inside + "/other: EEXIST");
    top.rename(FILE, top, OTHER, RenameMode.EXCHANGE);
    assertThat(read(FILE)).isEqualTo("two");
    top.rename(FILE, top, OTHER, RenameMode.REPLACE);
    assertThat(read(OTHER)).isEqualTo("two");
    assertThat(top.statusIfPresent(FILE)).isNull();
  }

  @Test
  void links_are_made_to_files_to_symbolic_links_and_to_unnamed_files() throws IOException {
    write(FILE, "text");
    top.link(FILE, top, OTHER);
    top.makeSymlink(LINK, "file".getBytes(UTF_8));
    top.link(LINK, top, Name.of("second-link"));
    try (Fd unnamed = top.createUnnamed(0600)) {
      top.linkOpen(unnamed, Name.of("named"));
    }

    assertThat(top.status(OTHER).inode()).isEqualTo(top.status(FILE).inode());
    assertThat(top.status(OTHER).linkCount()).isEqualTo(2);
    assertThat(top.status(Name.of("second-link")).isSymlink()).isTrue();
    assertThat(top.status(Name.of("named")).linkCount()).isEqualTo(1);
  }

  @Test
  void removing_tells_files_and_directories_apart() throws IOException {
    top.makeDirectory(SUB, 0700);
    top.create(FILE, 0600).close();

    assertThatThrownBy(() -> top.remove(SUB)).hasMessageContaining("EISDIR");
    assertThatThrownBy(() -> top.removeDirectory(FILE)).hasMessageContaining("ENOTDIR");
    assertThat(top.remove(FILE)).isTrue();
    assertThat(top.removeDirectory(SUB)).isTrue();
  }

  // Metadata

  @Test
  @DisplayName("C13: nanoseconds before 1970 and after 2106")
  void times_far_from_now_are_kept_to_the_nanosecond() throws IOException {
    top.makeSymlink(LINK, "nowhere".getBytes(UTF_8));
    top.create(FILE, 0600).close();
    for (long seconds : new long[] {-2_000_000_000L, -1, 0, 4_294_967_296L + 7}) {
      for (Name name : new Name[] {LINK, FILE}) {
        top.setTimes(name, new FileTimes(seconds + 1, 999_999_999, seconds, 123_456_789));
        FileStatus status = top.status(name);
        assertThat(status.modifiedSeconds()).isEqualTo(seconds);
        assertThat(status.modifiedNanos()).isEqualTo(123_456_789);
        assertThat(status.accessSeconds()).isEqualTo(seconds + 1);
        assertThat(status.accessNanos()).isEqualTo(999_999_999);
      }
    }
  }

  @Test
  void setting_the_modification_time_leaves_the_access_time_alone() throws IOException {
    top.create(FILE, 0600).close();
    top.setTimes(FILE, new FileTimes(5, 6, 7, 8));
    try (Fd file = top.openForWriting(FILE)) {
      file.setTimes(FileTimes.modified(9, 10));
      assertThat(file.status().accessSeconds()).isEqualTo(5);
      assertThat(file.status().modifiedNanos()).isEqualTo(10);
    }
  }

  @Test
  @DisplayName("B4: the mode of a symbolic link is refused, its target untouched")
  void chmod_changes_the_entry_and_never_what_a_link_leads_to() throws IOException {
    top.create(FILE, 0600).close();
    top.makeSymlink(LINK, "file".getBytes(UTF_8));

    assertThatThrownBy(() -> top.chmod(LINK, 0777))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP));
    top.chmod(FILE, 06751);

    assertThat(top.status(FILE).permissions()).isEqualTo(06751);
  }

  @Test
  @DisplayName("C20: attributes of files and directories are set, listed, read and removed")
  void attributes_come_and_go() throws IOException {
    top.create(FILE, 0600).close();
    top.makeDirectory(SUB, 0700);
    byte[] key = "user.some/thing".getBytes(UTF_8);
    byte[] value = {1, 0, (byte) 0xff};
    for (Name name : new Name[] {FILE, SUB}) {
      assertThat(top.attributes(name)).isEmpty();
      assertThat(top.attribute(name, key)).isNull();
      top.setAttribute(name, key, value);
      top.setAttribute(name, "user.empty".getBytes(UTF_8), new byte[0]);
      assertThat(top.attributes(name)).containsExactlyInAnyOrder(key, "user.empty".getBytes(UTF_8));
      assertThat(top.attribute(name, key)).isEqualTo(value);
      assertThat(top.attribute(name, "user.empty".getBytes(UTF_8))).isEmpty();
      assertThat(top.removeAttribute(name, key)).isTrue();
      assertThat(top.removeAttribute(name, key)).isFalse();
      assertThat(top.attributes(name)).hasSize(1);
    }
  }

  @Test
  @DisplayName("B4: user attributes of a symbolic link never reach its target")
  void attributes_of_a_link_are_its_own() throws IOException {
    top.create(FILE, 0600).close();
    top.makeSymlink(LINK, "file".getBytes(UTF_8));
    assertThatThrownBy(() -> top.setAttribute(LINK, "user.a".getBytes(UTF_8), new byte[] {1}))
        .isInstanceOf(LinuxException.class);
    assertThat(top.attributes(FILE)).isEmpty();
    assertThat(top.attributes(LINK)).isEmpty();
  }

  @Test
  void errors_name_call_path_and_reason() {
    assertThatThrownBy(() -> top.readLink(Name.of("a\nb")))
        .hasMessage("readlinkat " + inside + "/a\\nb: ENOENT (No such file or directory)");
  }

  private void write(Name name, String text) throws IOException {
    try (Fd file = top.create(name, 0600);
        Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(UTF_8);
      file.writeAt(0, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
    }
  }

  private String read(Name name) throws IOException {
    try (Fd file = top.openForReading(name);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(100);
      int length = file.readAt(0, memory);
      return new String(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }
  }
}
