package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.target.session.LargeFile.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundTest {
  private static final int SEGMENT = ContentMessage.SEGMENT_BYTES_MAX;
  private static final long SIZE = 3L * SEGMENT + 5;
  private static final long VERSION = FileVersion.plain(1L << 20);
  private static final long LATER = FileVersion.plain(2L << 20);

  private final Round round = Round.first(entry(VERSION));

  private static Entry entry(long version) {
    var time = new Timestamp(1_700_000_000, 1);
    var metadata =
        new Metadata(Kind.REGULAR, 0644, 0, 0, time, time, SIZE, 0, 0, Bytes.EMPTY, List.of());
    return new Entry(Name.of("large"), metadata, LinkRole.ONLY, version);
  }

  @Test
  void it_is_over_when_all_has_been_asked_for_and_answered() {
    round.asked(3L * SEGMENT, 7);
    round.asked(5, 8);

    assertThat(round.hasMore()).isFalse();
    assertThat(round.answered(3L * SEGMENT)).isEqualTo(8);
    assertThat(round.isOver()).isFalse();
    assertThat(round.answered(0)).isEqualTo(7);
    assertThat(round.isOver()).isTrue();
  }

  @Test
  void an_answer_counts_once() {
    round.asked(SEGMENT, 7);

    assertThat(round.answered(SEGMENT)).isNull();
    assertThat(round.answered(0)).isEqualTo(7);
    assertThat(round.answered(0)).isNull();
  }

  @Test
  void after_a_hole_it_goes_on_at_the_segment_in_which_the_hole_ends() {
    assertThat(round.resumeAfter(2L * SEGMENT + 1)).isEqualTo(2L * SEGMENT);
    assertThat(round.resumeAfter(SIZE + 1)).isEqualTo(SIZE);

    round.skipTo(2L * SEGMENT);
    round.skipTo(SEGMENT);

    assertThat(round.nextOffset()).isEqualTo(2L * SEGMENT);
  }

  @Test
  void a_file_that_held_still_is_stable() {
    round.judge(VERSION, SIZE, SEGMENT, SEGMENT);

    assertThat(round.ending()).isEqualTo(Step.STABLE);
  }

  @Test
  void one_that_never_does_is_busy_after_the_third_round() {
    Round second = round.next(entry(LATER));
    Round third = second.next(entry(VERSION));
    round.judge(LATER, SIZE, SEGMENT, SEGMENT);
    second.judge(VERSION, SIZE, SEGMENT, SEGMENT);
    third.judge(VERSION, SIZE + 1, SEGMENT, SEGMENT);

    assertThat(List.of(round.ending(), second.ending(), third.ending()))
        .containsExactly(Step.CHANGED, Step.CHANGED, Step.BUSY);
  }

  @Test
  void what_could_not_be_read_in_the_last_round_leaves_it_incomplete() {
    Round third = round.next(entry(VERSION)).next(entry(VERSION));

    third.judge(VERSION, SIZE, SEGMENT - 1, SEGMENT);

    assertThat(third.ending()).isEqualTo(Step.INCOMPLETE);
  }

  @Test
  void the_same_round_again_knows_nothing_of_what_was() {
    round.asked(SEGMENT, 7);
    round.judge(LATER, SIZE, SEGMENT, SEGMENT);

    Round again = round.again();

    assertThat(again.nextOffset()).isZero();
    assertThat(again.isAllAnswered()).isTrue();
    assertThat(again.isFirst()).isTrue();
    assertThat(again.ending()).isEqualTo(Step.STABLE);
  }
}
