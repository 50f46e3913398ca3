package io.driftless.source.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.source.session.Applied;
import io.driftless.source.session.Found;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reports that earlier versions of the agent have kept stay readable. */
final class ReportEncodingTest {
  /** From volume to error; the numbers are 1 to 14. */
  private static final String BODY =
      "0003777777" // www
          + "0003746774" // tgt
          + "0000000000000007"
          + "0004444f4e45" // DONE
          + "0000018bcfe5687b"
          + "3ff8000000000000"
          + "000000000000000100000000000000020000000000000003000000000000000400000000000000050000"
          + "000000000006000000000000000700000000000000080000000000000009000000000000000a00000000"
          + "0000000b000000000000000c000000000000000d000000000000000e"
          + "0000"; // neither guard nor error

  /** Purpose, differences and manifest. */
  private static final String SINCE_2 = "0006564552494659" + "000000000000000f" + "00022f6d";

  private static final String SINCE_3 =
      "0000000000000010000000000000001100000000000000120000000000000013";

  private static PassReport report(
      Purpose purpose, long differences, Optional<String> manifest, Deltas deltas) {
    return new PassReport(
        "www",
        "tgt",
        7,
        purpose,
        Outcome.DONE,
        Instant.ofEpochMilli(1_700_000_000_123L),
        1.5,
        new Found(1, 2, 3, 8),
        new Applied(4, 5, 6, 7, 9, 10, 13, deltas),
        11,
        12,
        14,
        differences,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        manifest);
  }

  private static byte[] bytes(String... hex) {
    return HexFormat.of().parseHex(String.join("", hex));
  }

  @Test
  void a_report_of_version_1_told_neither_purpose_nor_differences() throws IOException {
    assertThat(ReportEncoding.decode(bytes("01", BODY)))
        .isEqualTo(report(Purpose.SYNC, 0, Optional.empty(), Deltas.NONE));
  }

  @Test
  void a_report_of_version_2_did_not_tell_how_large_files_came() throws IOException {
    assertThat(ReportEncoding.decode(bytes("02", BODY, SINCE_2)))
        .isEqualTo(report(Purpose.VERIFY, 15, Optional.of("/m"), Deltas.NONE));
  }

  @Test
  void a_report_has_the_bytes_of_its_version() throws IOException {
    PassReport report = report(Purpose.VERIFY, 15, Optional.of("/m"), new Deltas(16, 17, 18, 19));

    byte[] bytes = ReportEncoding.encode(report);

    assertThat(bytes).isEqualTo(bytes("03", BODY, SINCE_2, SINCE_3));
    assertThat(ReportEncoding.decode(bytes)).isEqualTo(report);
  }

  @Test
  void a_report_of_a_later_version_is_refused() {
    assertThatThrownBy(() -> ReportEncoding.decode(bytes("04", BODY)))
        .hasMessageContaining("version 4");
  }
}
