package io.driftless.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KindTest {
  @Test
  void every_kind_is_found_by_its_code() {
    for (Kind kind : Kind.values()) {
      assertThat(Kind.ofCode(kind.code())).isEqualTo(kind);
    }
  }

  @Test
  void codes_are_those_of_the_kernel() {
    assertThat(Kind.REGULAR.code()).isEqualTo(0100000 >> 12);
    assertThat(Kind.DIRECTORY.code()).isEqualTo(0040000 >> 12);
    assertThat(Kind.SYMLINK.code()).isEqualTo(0120000 >> 12);
    assertThat(Kind.SOCKET.code()).isEqualTo(0140000 >> 12);
    assertThat(Kind.BLOCK_DEVICE.isDevice()).isTrue();
    assertThat(Kind.CHARACTER_DEVICE.isDevice()).isTrue();
    assertThat(Kind.FIFO.isDevice()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 5, 14, 15, 16, Integer.MAX_VALUE})
  void other_codes_are_refused(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Kind.ofCode(code))
        .withMessage("no kind of entry has the code " + code);
  }
}
