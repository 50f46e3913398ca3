package io.driftless.source.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.delta.BlockHashes;
import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.Question;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.Message;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the source answers where the target has another version. */
final class DeltaPassIT {
  private static final int MIB = 1 << 20;

  @TempDir Path temporary;
  private PassFixture volume;
  private Path file;

  @BeforeEach
  void seed() throws Exception {
    volume = new PassFixture(temporary);
    file = volume.write("large", 20 * MIB + 777);
    volume.passCompletes();
    volume.target.replica.byDelta = true;
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private static void write(Path file, long offset, byte[] bytes) {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(offset);
      open.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void passBringsAtMost(long literalBytes) throws Exception {
    volume.passCompletes();
    volume.targetEqualsDirectory();
    assertThat(volume.target.replica.contentBytes).isLessThanOrEqualTo(literalBytes);
    assertThat(volume.target.replica.busyRecords).isZero();
    volume.nothingIsLeft();
  }

  @Test
  @DisplayName("C27: pages that changed in place")
  void pages_that_changed_in_place() throws Exception {
    for (int i = 0; i < 20; i++) {
      write(file, (i * 127 + 3) * 8192L, new byte[8192]);
    }

    passBringsAtMost(20 * 8192);

    assertThat(volume.target.replica.comparisons).isEqualTo(2);
    assertThat(volume.target.replica.refinements).isEqualTo(2);
    assertThat(volume.target.replica.segments).isZero();
  }

  @Test
  void only_its_time_changed_and_nothing_further_is_asked() throws Exception {
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000_000_000));

    passBringsAtMost(0);

    assertThat(volume.target.replica.comparisons).isEqualTo(2);
    assertThat(volume.target.replica.refinements).isZero();
  }

  @Test
  @DisplayName("C27: bytes inserted at the front")
  void bytes_inserted_at_the_front() throws Exception {
    byte[] content = Files.readAllBytes(file);
    Files.write(file, new byte[1000]);
    Files.write(file, content, java.nio.file.StandardOpenOption.APPEND);

    passBringsAtMost(64 * 1024);
  }

  @Test
  void content_that_is_all_new_comes_in_several_messages() throws Exception {
    byte[] content = new byte[20 * MIB];
    new java.util.SplittableRandom(5).nextBytes(content);
    Files.write(file, content);

    passBringsAtMost(20 * MIB);

    assertThat(volume.target.replica.deltaMessages).isBetween(14, 30);
  }

  @Test
  @DisplayName("C30, C38: holes that moved are told and not sent")
  void holes_that_moved() throws Exception {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(0);
      open.setLength(200L * MIB);
      open.seek(3 * MIB + 8192);
      open.write(new byte[] {1, 2, 3});
      open.seek(150 * MIB + 4096);
      open.write(new byte[] {4, 5, 6});
    }

    passBringsAtMost(3 * 4096);

    assertThat(volume.target.replica.comparisons).isLessThanOrEqualTo(3);
    long holes = 0;
    for (long[] hole : requireNonNull(volume.target.replica.node("large")).holes) {
      holes += hole[1] - hole[0];
    }
    assertThat(holes).isGreaterThanOrEqualTo(200L * MIB - 3 * 4096);
  }

  @Test
  @DisplayName("a file that is written to while it is compared is told to have changed")
  void a_file_that_is_written_to() throws Exception {
    write(file, 100, new byte[100]);
    volume.target.onControl =
        message -> {
          if (message instanceof DeltaMessage.RefineSegment refine && refine.offset() == 0) {
            write(file, 200, new byte[100]);
          }
        };

    volume.passCompletes();

    assertThat(volume.target.replica.busyRecords).isEqualTo(1);
    volume.nothingIsLeft();
  }

  @Test
  @DisplayName("a file that vanishes, is cut or becomes something else before the answer")
  void a_file_that_vanishes() throws Exception {
    write(file, 100, new byte[100]);
    volume.target.onControl =
        message -> {
          if (message instanceof DeltaMessage.RefineSegment) {
            try {
              Files.delete(file);
              Files.createSymbolicLink(file, Path.of("elsewhere"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };

    volume.pass();

    assertThat(volume.target.replica.failures).containsExactly("VANISHED large");
    volume.nothingIsLeft();
  }

  @Test
  @DisplayName("a file that is cut before the answer")
  void a_file_that_is_cut() throws Exception {
    write(file, 5 * MIB, new byte[100]);
    boolean[] told = {false};
    volume.target.onControl =
        message -> {
          if (message instanceof DeltaMessage.RefineSegment) {
            try (var open = new RandomAccessFile(file.toFile(), "rw")) {
              open.setLength(1 * MIB);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    volume.target.onContent =
        content -> {
          if (content instanceof SegmentDelta delta) {
            told[0] |= delta.version() == 0;
          }
        };

    volume.pass();

    assertThat(told[0]).isTrue();
    volume.nothingIsLeft();
  }

  private static CompareSegment compare(long slice, int index, long offset) {
    var none = new BlockHashes(new Range(0, 0), BlockSize.LEAF, new long[0]);
    var question = new Question.Compare(new Range(offset, MIB), 0, 0, none);
    return new CompareSegment(slice, index, question);
  }

  private static List<List<Message>> forbidden() {
    var nothing = new Question.Refined(List.of(), Optional.empty());
    var many = new ArrayList<Message>();
    for (int i = 0; i <= DeltaMessage.OPEN_MAX; i++) {
      many.add(compare(1, 0, (long) i * MIB));
    }
    return List.of(
        List.of(compare(99, 0, 0)),
        List.of(compare(1, 7, 0)),
        List.of(compare(1, 0, 0), compare(1, 0, 0)),
        List.of(new RefinedSegment(1, 0, 0, nothing)),
        List.of(
            new DeltaMessage.RefineSegment(
                1, 0, 0, new Question.Refine(List.of(), Optional.empty()))),
        many);
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  @DisplayName("B9: what a target may not say about deltas")
  void what_a_target_may_not_say(List<Message> messages) throws Exception {
    write(file, 100, new byte[100]);
    volume.target.replica.byDelta = false;
    volume.target.onContent =
        content -> {
          if (content instanceof Listing) {
            messages.forEach(volume.target::reply);
          }
        };

    assertThat(volume.pass()).isInstanceOf(PassEnding.Failed.class);
    volume.nothingIsLeft();
  }

  @Test
  @DisplayName("B9: an answer to another question ends the conversation")
  void an_answer_to_another_question() throws Exception {
    write(file, 100, new byte[100]);
    volume.target.replica.byDelta = false;
    volume.target.onContent =
        content -> {
          if (content instanceof Listing) {
            var zeros = new BlockHashes(new Range(0, 64 * 1024), new BlockSize(65536), new long[1]);
            var question = new Question.Compare(new Range(0, MIB), 0, 20 * MIB, zeros);
            volume.target.reply(new CompareSegment(1, 0, question));
          }
        };
    volume.target.onControl =
        message -> {
          if (message instanceof DeltaMessage.RefineSegment) {
            var nothing = new Question.Refined(List.of(), Optional.empty());
            volume.target.reply(new RefinedSegment(1, 0, 0, nothing));
          }
        };

    assertThat(volume.pass()).isInstanceOf(PassEnding.Failed.class);
    volume.nothingIsLeft();
  }
}
