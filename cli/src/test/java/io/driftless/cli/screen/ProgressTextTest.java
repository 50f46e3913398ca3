package io.driftless.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.command.Samples;
import io.driftless.cli.quantity.Moments;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport.Purpose;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ProgressTextTest {
  private static final long KNOWN = 3_100_000;

  private Instant now = Samples.NOW;
  private final ProgressText text =
      new ProgressText(new Moments(() -> now, ZoneId.of("Europe/Berlin")), OptionalLong.of(KNOWN));

  private String after(int seconds, PassProgress progress) {
    now = now.plusSeconds(seconds);
    text.update(progress);
    return text.line(progress);
  }

  @Test
  void while_it_walks_the_total_is_a_guess_and_there_is_no_percentage() {
    assertThat(after(0, Samples.progress("www", Phase.WALKING, 100_000, 1_200_000)))
        .isEqualTo("www  walking   1.20m found, ~3.10m   sent 858.3 MiB");
    assertThat(after(2, Samples.progress("www", Phase.WALKING, 102_000, KNOWN + 1)))
        .isEqualTo("www  walking   3.10m found   sent 875.5 MiB   72.0 Mbit/s");
  }

  @Test
  void a_pass_that_was_cut_and_begins_anew_has_no_speed_at_first() {
    after(0, Samples.progress("www", Phase.WALKING, 100_000, 1_200_000));
    after(2, Samples.progress("www", Phase.WALKING, 102_000, KNOWN + 1));
    assertThat(after(2, Samples.progress("www", Phase.WALKING, 50_000, KNOWN + 1)))
        .doesNotContain("Mbit/s");
    assertThat(after(2, Samples.progress("www", Phase.WALKING, 52_000, KNOWN + 1)))
        .endsWith("   72.0 Mbit/s");
  }

  @Test
  void once_all_is_found_it_says_how_much_is_done_and_when_it_will_be_ready() {
    after(0, Samples.progress("www", Phase.TRANSFERRING, 1_000_000, 2_000_000));

    assertThat(after(5, Samples.progress("www", Phase.TRANSFERRING, 1_000_500, 2_000_000)))
        .isEqualTo("www  50 %   1.00m/2.00m entries   9.3/18.6 GiB   7.2 Mbit/s");
    assertThat(after(5, Samples.progress("www", Phase.TRANSFERRING, 1_001_000, 2_000_000)))
        .isEqualTo("www  50 %   1.00m/2.00m entries   9.3/18.6 GiB   7.2 Mbit/s   ready ~13:46");
  }

  @Test
  void a_near_end_names_the_second() {
    after(0, Samples.progress("www", Phase.TRANSFERRING, 1_000, 2_000));

    assertThat(after(10, Samples.progress("www", Phase.TRANSFERRING, 1_500, 2_000)))
        .endsWith("ready ~11:00:20");
  }

  @Test
  void what_stands_still_has_no_end() {
    after(0, Samples.progress("www", Phase.LINKING, 1_000, 2_000));

    assertThat(after(30, Samples.progress("www", Phase.LINKING, 1_000, 2_000)))
        .isEqualTo("www  linking   50 %   1,000/2,000 entries   9.5/19.1 MiB   0.0 Mbit/s");
  }

  @Test
  void a_verification_of_content_tells_what_was_read_on_both_sides_and_how_fast() {
    after(0, verifying(Purpose.VERIFY_CONTENT, Phase.WALKING, 100_000, 1_200_000));

    assertThat(after(2, verifying(Purpose.VERIFY_CONTENT, Phase.WALKING, 102_000, 1_300_000)))
        .isEqualTo("www  comparing   1.30m found, ~3.10m   972.7 MiB compared   9.5 MiB/s");
    assertThat(after(2, verifying(Purpose.VERIFY_CONTENT, Phase.TRANSFERRING, 650_000, 1_300_000)))
        .isEqualTo("www  50 %   1.30m entries   6.1/12.1 GiB compared   1.3 GiB/s");
  }

  @Test
  void a_verification_without_content_counts_entries_only() {
    after(0, verifying(Purpose.VERIFY, Phase.WALKING, 100_000, 1_200_000));

    assertThat(after(2, verifying(Purpose.VERIFY, Phase.WALKING, 102_000, 1_300_000)))
        .isEqualTo("www  comparing   1.30m found, ~3.10m");
    assertThat(after(2, verifying(Purpose.VERIFY, Phase.TRANSFERRING, 650_000, 1_300_000)))
        .isEqualTo("www  50 %   650,000/1.30m entries");
  }

  private static PassProgress verifying(Purpose purpose, Phase phase, long done, long found) {
    return Samples.progress("www", purpose, phase, done, found);
  }

  @Test
  void what_blocks_is_said_escaped() {
    PassProgress plain = Samples.progress("www", Phase.TRANSFERRING, 1, 2);
    var blocked =
        new PassProgress(
            plain.volume(),
            plain.pass(),
            plain.purpose(),
            plain.phase(),
            plain.startedAt(),
            plain.found(),
            1,
            plain.bytesDone(),
            plain.literalBytes(),
            plain.wireBytes(),
            3,
            Optional.of("no room\u001b[2J"),
            Optional.empty());

    assertThat(after(0, blocked)).endsWith("   no room\\x1b[2J   3 problems");
  }
}
