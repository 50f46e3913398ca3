package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.target.session.DeletionGuard.Plan;
import io.driftless.target.session.ReplicaOptions.SourceRoot;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C67, C70, B7: what speaks against deletions")
final class DeletionGuardTest {
  private static Plan plan(long entries, long before) {
    return new Plan(entries, 0, entries / 2, before, before / 2 + 1, false, false);
  }

  private static Optional<String> guarded(Plan plan) {
    return DeletionGuard.check(plan, Standing.SEEDED, SourceRoot.SAME, Deletes.GUARDED, 0)
        .map(DeletionGuard.Refusal::slug);
  }

  @Test
  void nothing_to_delete_needs_no_guard() {
    assertThat(
            DeletionGuard.check(
                plan(0, 10), Standing.NEVER_SEEDED, SourceRoot.CHANGED, Deletes.GUARDED, 0))
        .isEmpty();
  }

  @Test
  void few_may_go_whatever_their_share() {
    assertThat(guarded(plan(100, 101))).isEmpty();
    assertThat(guarded(plan(101, 102))).contains("too-many-deletes");
  }

  @Test
  void a_quarter_may_go_and_no_more() {
    assertThat(guarded(plan(250, 1000))).isEmpty();
    assertThat(guarded(plan(251, 1000))).contains("too-many-deletes");
  }

  @Test
  void many_may_not_go_however_small_their_share() {
    assertThat(guarded(plan(250_000, 10_000_000))).isEmpty();
    assertThat(guarded(plan(250_001, 10_000_000))).contains("too-many-deletes");
  }

  @Test
  void all_regular_files_may_not_go() {
    assertThat(guarded(new Plan(3, 0, 2, 1000, 2, false, false))).contains("too-many-deletes");
    assertThat(guarded(new Plan(3, 0, 0, 1000, 0, false, false))).isEmpty();
  }

  @Test
  void what_is_new_makes_up_for_what_goes() {
    assertThat(guarded(new Plan(180, 180, 150, 194, 150, false, false))).isEmpty();
    assertThat(guarded(new Plan(180, 80, 100, 194, 150, false, false))).isEmpty();
    assertThat(guarded(new Plan(180, 79, 100, 194, 150, false, false)))
        .contains("too-many-deletes");
    assertThat(guarded(new Plan(180, 180, 150, 194, 150, false, true)))
        .contains("incomplete-source");
  }

  @Test
  void an_empty_source_takes_nothing_along() {
    assertThat(guarded(new Plan(1, 0, 0, 1, 0, true, false))).contains("empty-source");
  }

  @Test
  void a_source_that_was_not_read_completely_takes_nothing_along() { // C69
    assertThat(guarded(new Plan(1, 0, 0, 1000, 500, false, true))).contains("incomplete-source");
  }

  @Test
  void another_root_takes_nothing_along() {
    assertThat(
            DeletionGuard.check(
                plan(1, 100), Standing.SEEDED, SourceRoot.CHANGED, Deletes.GUARDED, 0))
        .map(DeletionGuard.Refusal::slug)
        .contains("source-changed");
  }

  @Test
  void what_was_there_before_the_first_pass_stays() {
    assertThat(
            DeletionGuard.check(
                plan(1, 100), Standing.NEVER_SEEDED, SourceRoot.SAME, Deletes.GUARDED, 0))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal.slug()).isEqualTo("foreign-target");
          assertThat(refusal.hint()).isEqualTo("--allow-deletes=1");
        });
  }

  @Test
  void what_is_allowed_goes_up_to_its_number() {
    Plan all = new Plan(500, 0, 400, 500, 400, true, true);
    assertThat(
            DeletionGuard.check(
                all, Standing.NEVER_SEEDED, SourceRoot.CHANGED, Deletes.ALLOWED, 500))
        .isEmpty();
    assertThat(
            DeletionGuard.check(all, Standing.SEEDED, SourceRoot.SAME, Deletes.ALLOWED, 499)
                .map(DeletionGuard.Refusal::slug))
        .contains("too-many-deletes");
  }
}
