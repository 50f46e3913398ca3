package io.driftless.protocol.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HoursTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mon-fri 08:00-18:00            | mon-fri 08:00-18:00
          MON-FRI  8:00-18:00            | mon-fri 08:00-18:00
          monday,wed,thu,fri 22:00-06:00 | mon,wed-fri 22:00-06:00
          weekdays 08:00-18:00           | mon-fri 08:00-18:00
          sat-mon                        | mon,sat,sun
          weekend                        | sat,sun
          sun                            | sun
          daily                          | daily
          * 00:00-24:00                  | daily
          22:00-06:00                    | daily 22:00-06:00
          22:00-00:00                    | daily 22:00-00:00
          2026-12-24 18:00-24:00         | 2026-12-24 18:00-24:00
          2026-12-24..2027-01-02         | 2026-12-24..2027-01-02
          2026-12-24..2026-12-24         | 2026-12-24
          """)
  void hours_that_people_write(String text, String same) {
    Hours hours = HoursText.parse(text);
    assertThat(HoursText.of(hours)).isEqualTo(same);
    assertThat(HoursText.parse(same)).isEqualTo(hours);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                       | when is it?
          mon-fri 08:00            | 08:00 is no time from and to
          mon-fri 08:00-08:00      | begins and ends at the same time
          mon-fri 8-18             | 8-18 is no time from and to
          mon-fri 08:00-25:00      | 25:00 is no time of the day
          mon-fri 08:60-18:00      | 08:60 is no time of the day
          mon-fri 24:00-06:00      | nothing begins at 24:00
          mo-fr 08:00-18:00        | mo-fr is no day
          mon-fri-sun              | mon-fri-sun is no day
          moon                     | moon is no day
          mon,,fri                 | is no day
          2026-02-30               | there is no 2026-02-30
          2026-12-26..2026-12-24   | ends before it begins
          mon 08:00-18:00 20mbit   | 20mbit is more than days and hours
          """)
  void what_is_wrong_is_named(String text, String message) {
    assertThatThrownBy(() -> HoursText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
