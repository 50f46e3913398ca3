package io.driftless.source.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.TreePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C21. */
final class HardLinkPassTest {
  @TempDir Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
    Path first = volume.write("a/one", 5000);
    Files.createDirectories(volume.root.resolve("b/c"));
    Files.createLink(volume.root.resolve("b/c/two"), first);
    Files.createLink(volume.root.resolve("three"), first);
    Path outside = temporary.resolve("outside");
    Files.write(outside, new byte[100]);
    Files.createLink(volume.root.resolve("alone"), outside);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  @Test
  void content_travels_once_and_all_names_lead_to_it() throws Exception {
    volume.passCompletes();

    assertThat(volume.target.replica.contentBytes).isEqualTo(5100);
    assertThat(volume.target.replica.linkGroups).hasSize(1);
    assertThat(volume.target.replica.linkGroups.getFirst().others()).hasSize(2);
    volume.targetEqualsDirectory();
    volume.nothingIsLeft();
  }

  @Test
  void a_name_whose_siblings_lie_outside_is_a_first_without_others() throws Exception {
    volume.passCompletes();

    var alone = requireNonNull(volume.target.replica.node("alone"));
    assertThat(alone.entry.linkRole()).isEqualTo(LinkRole.FIRST);
    assertThat(volume.target.replica.linkGroups)
        .noneMatch(group -> group.first().equals(TreePath.of("alone")));
  }

  @Test
  void a_new_name_of_an_old_inode_brings_no_content() throws Exception {
    volume.passCompletes();
    Files.createLink(volume.root.resolve("four"), volume.root.resolve("a/one"));

    volume.passCompletes();

    assertThat(volume.target.replica.contentBytes).isLessThanOrEqualTo(5000);
    assertThat(volume.target.replica.linkGroups.getFirst().others()).hasSize(3);
    volume.targetEqualsDirectory();
  }
}
