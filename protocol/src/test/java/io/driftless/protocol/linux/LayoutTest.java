package io.driftless.protocol.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers and layouts that the kernel has fixed. */
final class LayoutTest {
  @Test
  void device_numbers_are_encoded_as_the_kernel_decodes_them() {
    assertThat(new DeviceNumber(1, 3).encoded()).isEqualTo(0x103);
    assertThat(new DeviceNumber(0xabc, 0xfedcb).encoded()).isEqualTo(0xfedabccbL);
    assertThatThrownBy(() -> new DeviceNumber(4096, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void errors_have_the_names_of_the_kernel() {
    assertThat(Errno.of(2)).isEqualTo(Errno.ENOENT);
    assertThat(Errno.of(40)).isEqualTo(Errno.ELOOP);
    assertThat(Errno.of(122)).isEqualTo(Errno.EDQUOT);
    assertThat(Errno.of(4711)).isEqualTo(Errno.UNKNOWN);
    assertThat(Errno.EACCES.text()).isEqualTo("Permission denied");
  }

  @Test
  void calls_are_named_as_in_the_manual() {
    assertThat(SystemCall.COPY_FILE_RANGE).hasToString("copy_file_range");
  }

  @Test
  void flags_of_xfs_are_translated_as_the_kernel_does() {
    assertThat(InodeFlags.ofExtended(0x08 | 0x10 | 0x40 | 0x80 | 0x80000000L))
        .isEqualTo(
            InodeFlags.IMMUTABLE
                | InodeFlags.APPEND_ONLY
                | InodeFlags.NO_ACCESS_TIME
                | InodeFlags.NO_DUMP);
  }

  @Test
  void both_sources_of_a_mount_agree(@TempDir Path base) throws IOException {
    Scratch scratch = Scratch.ofThisThread();
    try (ConfinedRoot root = ConfinedRoot.open(base.toString());
        Directory top = root.open(TreePath.ROOT)) {
      FileStatus status = top.fd().status();
      Mount told = Mount.withoutStatx(scratch, top.fd().number(), status.device());
      assertThat(told.id()).isEqualTo(status.mountId());
    }
  }

  @Test
  void the_umask_can_be_cleared_and_capabilities_be_asked_for(@TempDir Path base)
      throws IOException {
    ThisProcess.clearUmask();
    try (ConfinedRoot root = ConfinedRoot.open(base.toString());
        Directory top = root.open(TreePath.ROOT)) {
      var name = io.driftless.protocol.tree.Name.of("open-to-all");
      top.makeDirectory(name, 0777);
      assertThat(top.status(name).permissions()).isEqualTo(0777);
    }
    if (ThisProcess.effectiveUid() == 0) {
      assertThat(ThisProcess.has(ThisProcess.Capability.CHOWN)).isTrue();
    }
  }
}
