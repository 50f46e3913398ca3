package io.driftless.cli.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "20mbit, 20000000",
    "2.5mbit, 2500000",
    "1 gbit, 1000000000",
    "64kbit, 64000",
    "10m/s, 83886080",
    "1k/s, 8192",
    "1g/s, 8589934592",
    "0, 0",
    "20MBIT, 20000000",
  })
  void a_rate_is_bits_or_bytes_by_its_unit(String text, long bitsPerSecond) {
    assertThat(Rate.parse(text)).isEqualTo(new Rate(OptionalLong.of(bitsPerSecond)));
  }

  @Test
  void unlimited_lifts_the_limit() {
    assertThat(Rate.parse("unlimited")).isEqualTo(Rate.UNLIMITED);
  }

  @ParameterizedTest
  @CsvSource({
    "20m, 20mbit (bits) or 20m/s (bytes)",
    "20mbps, 20mbit (bits) or 20m/s (bytes)",
    "20, 20mbit (bits) or 20m/s (bytes)",
    "3k, 3kbit (bits) or 3k/s (bytes)",
    "3gb, 3gbit (bits) or 3g/s (bytes)",
  })
  void a_rate_that_could_mean_two_is_refused_with_both(String text, String meanings) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(meanings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "-1mbit", "1e9mbit", "9999999gbit", "\u001b[2J"})
  void what_is_no_rate_is_refused_in_one_safe_line(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("\u001b", "\n");
  }

  @ParameterizedTest
  @CsvSource({"64m, 67108864", "4096b, 4096", "1GiB, 1073741824", "3 k, 3072", "2t, 2199023255552"})
  void a_size_has_a_unit(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @Test
  void a_size_without_a_unit_is_refused_with_both_meanings() {
    assertThatThrownBy(() -> ByteSize.parse("64")).hasMessageContaining("64b (bytes) or 64m (MiB)");
    assertThatThrownBy(() -> ByteSize.parse("999999999999999t")).hasMessageContaining("too large");
  }

  @Test
  void a_length_of_time_has_a_unit() {
    assertThat(Span.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(Span.parse("30s")).isEqualTo(Duration.ofSeconds(30));
    assertThat(Span.parse("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThat(Span.parse("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(Span.parse("7d")).isEqualTo(Duration.ofDays(7));
    assertThatThrownBy(() -> Span.parse("10")).hasMessageContaining("10s (seconds) or 10m");
    assertThatThrownBy(() -> Span.parse("soon")).hasMessageContaining("not a length of time");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0 B",
        "1023|1023 B",
        "1024|1.0 KiB",
        "48211000000|44.9 GiB",
        "9223372036854775807|8.0 EiB"
      })
  void bytes_are_shown_in_powers_of_1024(long bytes, String shown) {
    assertThat(Shown.bytes(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18|18 ms",
        "4200|4.2 s",
        "42000|42 s",
        "240000|4 min",
        "252000|4 min 12 s",
        "4920000|1 h 22 min",
        "273600000|3 d 4 h",
        "-5|0 ms"
      })
  void lengths_of_time_are_shown_in_two_units(long millis, String shown) {
    assertThat(Shown.span(Duration.ofMillis(millis))).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"812400|812,400", "1270000|1.27m", "40100000|40.1m", "3000000000|3,000m"})
  void large_counts_are_brief(long count, String shown) {
    assertThat(Shown.brief(count)).isEqualTo(shown);
  }
}
