package io.driftless.target.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of when the agent last wrote. */
final class PassNotesTest {
  private static final String VOLUME = "www";
  private static final BeginPass CHANGES =
      new BeginPass(
          1,
          Compare.METADATA,
          Effect.APPLY,
          Deletes.GUARDED,
          0,
          Excluded.PROTECTED,
          Course.CHANGES,
          TreePath.ROOT);
  private static final PassResult DONE =
      new PassResult(Outcome.COMPLETE, Counters.NONE, "", "", "", List.of());

  @TempDir private Path home;
  private Instant now = Instant.parse("2026-03-01T10:00:00.123Z");
  private VolumeLedger ledger;
  private PassNotes notes;

  @BeforeEach
  void open() throws IOException {
    ledger = VolumeLedger.open(home.resolve("state.db"), () -> now, new SecureRandom());
    ledger.factsOf(VOLUME);
    notes = new PassNotes(ledger, VOLUME, "old", () -> now);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private void ship() {
    notes.began(CHANGES);
    notes.ended(DONE);
  }

  @Test
  void the_end_of_the_last_pass_is_written_down_in_a_quiet_moment() throws IOException {
    ship();
    now = now.plusMillis(10);
    ship();
    assertThat(ledger.factsOf(VOLUME).wroteAt()).as("no quiet moment yet").isEmpty();
    Instant end = now;
    now = now.plusMillis(300);

    notes.rest();

    assertThat(ledger.factsOf(VOLUME).wroteAt()).contains(end.plusMillis(1));
    assertThat(ledger.latestPass(VOLUME).orElseThrow().ended()).contains(end);
  }

  @Test
  void of_a_pass_that_was_cut_nobody_knows_when_it_last_wrote() throws IOException {
    ship();
    ship();
    notes.began(CHANGES);

    notes.rest(); // the conversation has ended

    assertThat(notes.lastWrote()).isEmpty();
  }

  @Test
  void whoever_only_looks_is_told_of_what_was_written_before_the_pass_that_runs()
      throws IOException {
    assertThat(notes.wroteBefore()).isEmpty();
    ledger.wrote(VOLUME, now);
    Instant first = now.plusMillis(1);
    now = now.plusMillis(10);
    notes.began(CHANGES);
    assertThat(notes.wroteBefore()).contains(first);

    notes.ended(DONE);
    Instant second = now.plusMillis(1);
    assertThat(notes.wroteBefore()).contains(second);
    now = now.plusMillis(10);
    notes.began(CHANGES);
    assertThat(notes.wroteBefore()).contains(second);
    notes.ended(DONE);
    notes.rest();

    assertThat(notes.wroteBefore()).contains(now.plusMillis(1));
  }
}
