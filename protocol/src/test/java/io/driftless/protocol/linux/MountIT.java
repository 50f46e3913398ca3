package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume ends where something is mounted. */
final class MountIT {
  @TempDir Path base;
  private Path inside;

  @BeforeEach
  void mount_things_inside() throws IOException {
    Needs.root();
    Needs.tools("mount", "umount");
    inside = Files.createDirectory(base.resolve("inside"));
    Path outside = Files.createDirectory(base.resolve("outside"));
    Files.createDirectory(outside.resolve("sub"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectory(inside.resolve("tmpfs"));
    Files.createDirectory(inside.resolve("bind"));
    Files.createFile(inside.resolve("bound-file"));
    Command.run("mount", "-t", "tmpfs", "-o", "size=1m", "none", inside + "/tmpfs");
    Command.run("mount", "--bind", outside.toString(), inside + "/bind");
    Command.run("mount", "--bind", outside + "/secret", inside + "/bound-file");
  }

  @AfterEach
  void unmount_them() throws IOException {
    for (String name : new String[] {"bound-file", "bind", "tmpfs"}) {
      Command.run("umount", inside + "/" + name);
    }
  }

  private ConfinedRoot root(boolean modern) throws IOException {
    KernelFeatures features = modern ? KernelFeatures.ofThisKernel() : KernelFeatures.NONE;
    return ConfinedRoot.open(inside.toString().getBytes(UTF_8), features);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("C10, B25: mounts and bind mounts of the same file system are refused by name")
  void what_is_mounted_is_refused_and_named(boolean modern) throws IOException {
    try (ConfinedRoot root = root(modern);
        Directory top = root.open(TreePath.ROOT)) {
      for (String path : new String[] {"tmpfs", "bind", "bind/sub"}) {
        var refused =
            catchThrowableOfType(ConfinementException.class, () -> root.open(TreePath.of(path)));
        assertThat(refused.reason()).isEqualTo(ConfinementException.Reason.MOUNT_POINT);
        assertThat(refused.component()).isEqualTo(inside + "/" + path.replace("/sub", ""));
      }
      assertThatThrownBy(() -> top.openChild(Name.of("bind")))
          .isInstanceOf(ConfinementException.class);
      var file =
          catchThrowableOfType(
              ConfinementException.class, () -> top.openForReading(Name.of("bound-file")));
      assertThat(file.reason()).isEqualTo(ConfinementException.Reason.MOUNT_POINT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_status_of_a_mount_point_says_so(boolean modern) throws IOException {
    try (ConfinedRoot root = root(modern);
        Directory top = root.open(TreePath.ROOT)) {
      for (String name : new String[] {"tmpfs", "bind", "bound-file"}) {
        assertThat(top.status(Name.of(name)).isMountRoot()).isTrue();
      }
      assertThatThrownBy(() -> top.removeDirectory(Name.of("tmpfs"))).hasMessageContaining("EBUSY");
    }
  }
}
