package io.driftless.protocol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelFeaturesTest {
  @ParameterizedTest
  @CsvSource({
    "6.16.0, true",
    "6.18.44-fc-v669, true",
    "6.16-rc1, true",
    "7.0.0-12-generic, true",
    "6.14.0-37-generic, false",
    "6.9.1, false",
    "5.19.0, false",
    "'', false",
    "unknown, false"
  })
  void a_version_is_compared_by_its_numbers(String release, boolean isNewEnough) {
    assertThat(KernelFeatures.isAtLeast(6, 16, release)).isEqualTo(isNewEnough);
  }
}
