package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.ContentMessage.WantUnlessSame;
import io.driftless.protocol.message.LinkMessage.LinkGroupsDone;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.tree.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** B9, B10: a target may ask for what was listed in this pass, and for nothing else. */
final class HostileTargetTest {
  @TempDir Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
    volume.write("a", 400_000);
    Files.createSymbolicLink(volume.root.resolve("link"), Path.of("a"));
    Files.createLink(volume.root.resolve("later"), volume.root.resolve("a"));
    for (int i = 0; i < 50; i++) {
      volume.write("d" + i + "/f", 100);
    }
  }

  @AfterEach
  void close() {
    volume.close();
  }

  /** Said after the root was listed: a, later and link in any order, then 50 directories. */
  static List<Message> forbidden() {
    return List.of(
        new Want(99, List.of(0)),
        new Want(0, List.of(0)),
        new Want(-1, List.of(0)),
        new Want(1, List.of(53)),
        new Want(1, List.of(-1)),
        new Want(1, List.of(0, 1, 2)),
        new WantUnlessSame(99, List.of(new Held(0, 5, Digest.EMPTY))),
        new WantUnlessSame(1, List.of(new Held(54, 5, Digest.EMPTY))),
        new WantSegment(99, 0, 0, 100, List.of()),
        new WantSegment(1, 54, 0, 100, List.of()),
        new Verdicts(List.of(new Verdict(1, Finding.ABSENT))),
        new Verdicts(List.of(new Verdict(77, Finding.EQUAL))),
        new SlicesDone(List.of(77L)),
        new SlicesDone(List.of(1L, 1L)),
        new Staged(1L << 40),
        new Staged(-5),
        new LinkGroupsDone(List.of(1L)),
        new BeginPass(
            1,
            PassRequest.PLAIN.compare(),
            PassRequest.PLAIN.effect(),
            PassRequest.PLAIN.deletes(),
            0,
            Excluded.PROTECTED,
            Course.TREE,
            PassRequest.PLAIN.below()),
        new PassResult(Outcome.COMPLETE, Counters.NONE, "", "", "", List.of()));
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void what_may_not_be_said_ends_the_conversation(Message message) throws Exception {
    volume.target.onContent =
        content -> {
          if (content instanceof Listing listing && listing.slice() == 1) {
            volume.target.reply(message);
          }
        };

    PassEnding ending = volume.pass();

    assertThat(ending).isInstanceOf(PassEnding.Failed.class);
    volume.nothingIsLeft();
  }

  @Test
  void segments_out_of_bounds_end_the_conversation() throws Exception {
    volume.target.onContent =
        content -> {
          if (content instanceof Listing listing && listing.slice() == 1) {
            for (int index = 0; index < 3; index++) {
              volume.target.reply(new WantSegment(1, index, 12345, 100, List.of()));
            }
          }
        };

    assertThat(volume.pass()).isInstanceOf(PassEnding.Failed.class);
    volume.nothingIsLeft();
  }
}
