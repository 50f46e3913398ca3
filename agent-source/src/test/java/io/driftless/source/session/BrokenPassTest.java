package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.wire.SessionEnd.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C46: a pass whose connection breaks ends promptly, leaves nothing, and can be made again. */
final class BrokenPassTest {
  @TempDir Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
    for (int i = 0; i < 400; i++) {
      volume.write("d" + i % 40 + "/f" + i, 3000);
    }
    volume.write("large", 3_000_000);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 40})
  void a_break_after_some_parts_ends_the_pass_and_the_next_one_completes(int parts)
      throws Exception {
    var seen = new AtomicInteger();
    volume.target.onContent =
        _ -> {
          if (seen.incrementAndGet() == parts) {
            volume.target.finish(new SessionEnd(Cause.BROKEN, "cut", "the wire was cut", ""));
          }
        };

    assertThat(volume.pass()).isInstanceOf(PassEnding.Broken.class);
    volume.nothingIsLeft();

    volume.target.onContent = _ -> {};
    volume.passCompletes();
    volume.targetEqualsDirectory();
  }

  @Test
  void a_cancelled_pass_ends_while_it_waits_for_the_window() throws Exception {
    volume.target.windows = new Windows(1, 4096, 256 * 1024, 1);
    PassRun pass = volume.newPass();
    volume.target.onContent = _ -> pass.cancel();

    PassEnding ending = PassFixture.run(pass);

    assertThat(ending).isInstanceOf(PassEnding.Cancelled.class);
    volume.nothingIsLeft();
  }

  @Test
  void a_target_that_gives_up_says_why() throws Exception {
    volume.target.onContent =
        _ ->
            volume.target.reply(
                new PassResult(
                    Outcome.FAILED,
                    Counters.NONE,
                    "poisoned",
                    "the disk reports errors",
                    "look",
                    List.of()));

    assertThat(volume.pass())
        .isInstanceOfSatisfying(
            PassEnding.Failed.class,
            failed -> assertThat(failed.failure().slug()).isEqualTo("poisoned"));
    volume.nothingIsLeft();
  }

  @Test
  void a_root_that_is_missing_fails_before_anything_is_opened() throws Exception {
    PassRun pass = volume.newPass();
    Files.move(volume.root, temporary.resolve("elsewhere"));

    assertThat(PassFixture.run(pass))
        .isInstanceOfSatisfying(
            PassEnding.Failed.class,
            failed -> assertThat(failed.failure().slug()).isEqualTo("source-root"));
  }
}
