package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MountTableTest {
  private static final String TEXT =
      """
      28 1 0:26 / / rw - btrfs /dev/vda rw
      29 28 0:26 /@data /srv/a\\040b rw shared:1 - btrfs /dev/vda rw
      30 28 0:26 / /top\\134x rw - btrfs /dev/vda rw
      31 28 0:30 / /tmp rw - tmpfs none rw
      """;

  @Test
  void the_tops_of_a_file_system_are_found_by_a_mount_of_a_part() {
    MountTable table = MountTable.parse(TEXT);

    assertThat(table.topsOf(29))
        .containsExactly("/".getBytes(US_ASCII), "/top\\x".getBytes(US_ASCII));
    assertThat(table.topsOf(99)).isEmpty();
    assertThat(table.isSameFileSystem(28, 29)).isTrue();
    assertThat(table.isSameFileSystem(29, 31)).isFalse();
    assertThat(table.isSameFileSystem(99, 98)).isFalse();
  }
}
