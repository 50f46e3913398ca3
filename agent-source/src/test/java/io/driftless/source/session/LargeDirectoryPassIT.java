package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C6. */
final class LargeDirectoryPassIT {
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
  void a_directory_beyond_the_window_goes_in_scopes() throws Exception {
    volume.target.windows = new Windows(8, 2048, 1 << 20, 8);
    fill(20_000);
    Files.createDirectories(volume.root.resolve("big/sub/dir"));

    volume.passCompletes();

    assertThat(volume.target.entriesPeak).isLessThanOrEqualTo(2048);
    assertThat(volume.target.slicesPeak).isLessThanOrEqualTo(8);
    assertThat(volume.target.replica.scopes)
        .contains(Scope.ALL)
        .anyMatch(scope -> scope.bits() > 0);
    assertThat(volume.target.replica.everything()).hasSize(20_003);
    volume.targetEqualsDirectory();
    volume.nothingIsLeft();
  }

  @Test
  void an_unchanged_large_directory_is_equal_scope_by_scope() throws Exception {
    volume.target.windows = new Windows(8, 2048, 1 << 20, 8);
    fill(5000);
    volume.passCompletes();

    volume.passCompletes();

    assertThat(volume.target.replica.listings).isZero();
    assertThat(volume.target.replica.scopes).hasSizeGreaterThan(8);
  }

  @Test
  void one_change_in_a_large_directory_lists_one_scope() throws Exception {
    volume.target.windows = new Windows(8, 2048, 1 << 20, 8);
    fill(5000);
    volume.passCompletes();
    volume.write("big/f77", 9);

    volume.passCompletes();

    assertThat(volume.target.replica.contentBytes).isEqualTo(9);
    assertThat(volume.target.replica.listings).isLessThanOrEqualTo(3);
    volume.targetEqualsDirectory();
  }

  @Test
  void a_hundred_thousand_entries_in_the_root_arrive_within_the_usual_windows() throws Exception {
    for (int i = 0; i < 100_000; i++) {
      Files.createSymbolicLink(volume.root.resolve("link" + i), Path.of("to" + i));
    }

    volume.passCompletes();

    assertThat(volume.target.replica.everything()).hasSize(100_000);
    assertThat(volume.target.entriesPeak).isLessThanOrEqualTo(64 * 1024);
    volume.nothingIsLeft();
  }

  private void fill(int count) throws Exception {
    Path directory = Files.createDirectories(volume.root.resolve("big"));
    byte[] content = {1, 2, 3};
    for (int i = 0; i < count; i++) {
      Files.write(directory.resolve("f" + i), content);
    }
  }
}
