package io.driftless.cli.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.cli.guard.TargetRoot.Force;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetRootTest {
  private static final MountTable NO_MOUNTS = MountTable.parse(List.of());

  @TempDir Path directory;

  private TargetRoot inspect(Path path, Path... taken) throws IOException {
    return TargetRoot.inspect(path, List.of(taken), NO_MOUNTS, Force.NOT_FORCED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/boot", "/dev", "/etc", "/proc", "/root", "/run", "/usr", "/var"})
  void directories_of_the_running_system_are_refused(String path) {
    if (!Files.isDirectory(Path.of(path))) {
      return;
    }
    assertThatThrownBy(() -> inspect(Path.of(path)))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.slug()).isEqualTo("target-root");
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
            });
  }

  @Test
  void a_link_to_such_a_directory_is_refused_like_it() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));

    assertThatThrownBy(() -> inspect(link)).hasMessageContaining("belongs to the running system");
  }

  @Test
  void roots_that_overlap_are_refused_either_way_round() throws IOException {
    Path outer = Files.createDirectory(directory.resolve("outer"));
    Path inner = Files.createDirectory(outer.resolve("inner"));
    Path beside = Files.createDirectory(directory.resolve("outer2"));

    assertThatThrownBy(() -> inspect(inner, outer)).hasMessageContaining("overlaps with " + outer);
    assertThatThrownBy(() -> inspect(outer, inner)).hasMessageContaining("overlaps with " + inner);
    assertThat(inspect(beside, outer).path()).isEqualTo(beside.toRealPath());
  }

  @Test
  void who_is_certain_may_force_it() throws IOException {
    TargetRoot forced = TargetRoot.inspect(Path.of("/etc"), List.of(), NO_MOUNTS, Force.FORCED);

    assertThat(forced.path()).isEqualTo(Path.of("/etc"));
  }

  @Test
  void a_root_that_is_missing_or_a_file_says_what_to_do() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> inspect(directory.resolve("missing")))
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> inspect(file)).hasMessageContaining("is not a directory");
  }

  @Test
  void a_mount_point_is_recognised_whatever_its_name_is() throws IOException {
    Path odd = Files.createDirectory(directory.resolve("a b\\c"));
    String written = odd.toRealPath().toString().replace("\\", "\\134").replace(" ", "\\040");
    MountTable mounts =
        MountTable.parse(List.of("36 35 98:0 / " + written + " rw,noatime - ext4 /dev/sda1 rw"));

    assertThat(mounts.isMountPoint(odd)).isTrue();
    assertThat(mounts.isMountPoint(directory)).isFalse();
    assertThat(MountTable.current().isMountPoint(Path.of("/proc"))).isTrue();
  }
}
