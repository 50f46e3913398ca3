package io.driftless.source.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.FakeReplica.Node;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is part of a volume, and how it is told. */
final class ScanPassTest {
  @TempDir Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  @Test
  void what_is_excluded_does_not_exist_for_the_target() throws Exception {
    volume.filters = List.of("*.swp", "/cache/", "!keep.swp");
    volume.write("a/x.swp", 10);
    volume.write("a/keep.swp", 10);
    volume.write("cache/deep/file", 10);
    volume.write("a/cache/file", 10);

    volume.passCompletes();

    assertThat(volume.target.replica.everything().keySet().stream().map(TreePath::toString))
        .containsExactlyInAnyOrder("a", "a/keep.swp", "a/cache", "a/cache/file");
    assertThat(volume.target.replica.self(TreePath.of("cache"))).isNull();
  }

  @Test
  void our_own_staging_and_homes_are_no_part_of_a_volume() throws Exception {
    volume.write(".driftless/stage/1", 10);
    volume.write("opt/agent/state.db", 10);
    volume.write("opt/.driftless/file", 10);
    volume.ownPaths = List.of(volume.root.resolve("opt/agent"));

    volume.passCompletes();

    assertThat(volume.target.replica.everything().keySet().stream().map(TreePath::toString))
        .containsExactlyInAnyOrder("opt", "opt/.driftless", "opt/.driftless/file");
  }

  @Test
  void special_files_arrive_by_what_they_are() throws Exception { // C23, B25
    Needs.root();
    Needs.tools("mkfifo", "mknod");
    Command.run("mkfifo", volume.root.resolve("pipe").toString());
    Command.run("mknod", volume.root.resolve("null").toString(), "c", "1", "3");
    Command.run("mknod", volume.root.resolve("disk").toString(), "b", "259", "70000");

    volume.passCompletes();

    assertThat(node("pipe").entry.kind()).isEqualTo(Kind.FIFO);
    assertThat(node("null").metadata().device()).isEqualTo(1L << 32 | 3);
    assertThat(node("disk").metadata().device()).isEqualTo(259L << 32 | 70_000);
    assertThat(node("disk").entry.kind()).isEqualTo(Kind.BLOCK_DEVICE);
  }

  @Test
  void names_are_bytes() throws Exception { // C4
    for (String name : List.of("new\nline", "*?[", "-rf", "trailing ", "\u00e9", "e\u0301")) {
      volume.write(name, 10);
    }

    volume.passCompletes();

    assertThat(volume.target.replica.everything()).hasSize(6);
    volume.targetEqualsDirectory();
  }

  @Test
  void times_before_1970_and_after_2038_arrive_to_the_nanosecond() throws Exception { // C13
    Files.setLastModifiedTime(
        volume.write("old", 10), FileTime.from(Instant.parse("1901-12-14T00:00:00.123456789Z")));
    Files.setLastModifiedTime(
        volume.write("new", 10), FileTime.from(Instant.parse("2106-02-08T00:00:00.987654321Z")));

    volume.passCompletes();

    volume.targetEqualsDirectory();
  }

  @Test
  void reading_moves_no_access_time() throws Exception { // C15
    Path file = volume.write("d/file", 1000);
    Path large = volume.write("d/large", 500_000);
    FileTime longAgo = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
    for (Path path : List.of(file, large, file.getParent(), volume.root)) {
      Files.setAttribute(path, "lastAccessTime", longAgo);
    }

    volume.passCompletes();
    volume.passCompletes();

    for (Path path : List.of(file, large, file.getParent(), volume.root)) {
      assertThat(Files.getAttribute(path, "lastAccessTime", LinkOption.NOFOLLOW_LINKS))
          .as("%s", path)
          .isEqualTo(longAgo);
    }
    assertThat(node("d/file").metadata().accessed().seconds()).isEqualTo(978_307_200);
  }

  @Test
  void owners_by_name_are_told_before_they_are_needed() throws Exception { // C16
    Needs.root();
    volume.owners = Owners.BY_NAME;
    Path file = volume.write("file", 10);
    Files.setAttribute(file, "unix:uid", 1);
    Files.setAttribute(file, "unix:gid", 54_321);

    volume.passCompletes();

    assertThat(volume.target.owners.stream().flatMap(names -> names.names().stream()))
        .contains(
            new OwnerName(OwnerKind.USER, 0, "root"),
            new OwnerName(OwnerKind.GROUP, 0, "root"),
            new OwnerName(OwnerKind.USER, 1, "daemon"),
            new OwnerName(OwnerKind.GROUP, 54_321, ""))
        .doesNotHaveDuplicates();
  }

  @Test
  void the_progress_counts_what_there_is() throws Exception { // C83
    volume.write("a/one", 1000);
    volume.write("a/two", 300_000);
    Files.createSymbolicLink(volume.root.resolve("link"), Path.of("a"));
    PassRun pass = volume.newPass();

    PassFixture.run(pass);

    PassProgress progress = pass.progress();
    assertThat(progress.found().files()).isEqualTo(2);
    assertThat(progress.found().directories()).isEqualTo(2);
    assertThat(progress.found().entries()).isEqualTo(5);
    assertThat(progress.entriesDone()).isEqualTo(5);
    assertThat(progress.found().bytes()).isEqualTo(301_000);
    assertThat(progress.bytesDone()).isEqualTo(301_000);
    assertThat(progress.literalBytes()).isEqualTo(301_000);
  }

  @Test
  void a_deep_tree_arrives_whole() throws Exception { // C1
    Path at = volume.root;
    for (int i = 0; i < 80; i++) {
      at = Files.createDirectory(at.resolve("level" + i));
    }
    Files.write(at.resolve("leaf"), new byte[5]);

    volume.passCompletes();

    assertThat(volume.target.replica.everything()).hasSize(81);
    assertThat(node(volume.root.relativize(at) + "/leaf").entry.linkRole())
        .isEqualTo(LinkRole.ONLY);
  }

  private Node node(String path) {
    return requireNonNull(volume.target.replica.node(path), path);
  }
}
