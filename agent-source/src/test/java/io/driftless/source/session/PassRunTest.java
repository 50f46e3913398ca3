package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PassRunTest {
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
  void a_seed_brings_every_entry_over() throws Exception {
    smallTree();

    volume.passCompletes();

    volume.targetEqualsDirectory();
    assertThat(volume.problems).isEmpty();
    volume.nothingIsLeft();
  }

  @Test
  void a_seed_streams_small_files_without_being_asked() throws Exception {
    smallTree();

    volume.passCompletes();

    assertThat(volume.target.replica.wants).isZero();
    assertThat(volume.target.replica.segments).isEqualTo(3);
  }

  @Test
  void an_unchanged_tree_costs_no_listing_and_no_content() throws Exception {
    smallTree();
    volume.passCompletes();

    volume.passCompletes();

    assertThat(volume.target.replica.listings).isZero();
    assertThat(volume.target.replica.contentBytes).isZero();
    volume.targetEqualsDirectory();
  }

  @Test
  void one_changed_file_travels_alone() throws Exception {
    smallTree();
    volume.passCompletes();
    volume.write("a/b/file3", 4321);

    volume.passCompletes();

    assertThat(volume.target.replica.listings).isEqualTo(1);
    assertThat(volume.target.replica.contentRecords).isEqualTo(1);
    assertThat(volume.target.replica.contentBytes).isEqualTo(4321);
    volume.targetEqualsDirectory();
    volume.nothingIsLeft();
  }

  @Test
  void an_empty_volume_is_a_pass_of_one_slice() throws Exception {
    volume.passCompletes();

    assertThat(volume.target.replica.self(TreePath.ROOT)).isNotNull();
    volume.nothingIsLeft();
  }

  private void smallTree() throws Exception {
    for (int i = 0; i < 20; i++) {
      volume.write("a/b/file" + i, i * 1000);
      volume.write("c/" + i + "/deep/er/file", i);
    }
    volume.write("large", 2_500_000);
    Files.createSymbolicLink(volume.root.resolve("c/link"), Path.of("../a/b"));
    Files.createDirectory(volume.root.resolve("c/empty"));
  }
}
