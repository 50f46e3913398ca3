package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.Run;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Notices;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.tree.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files that changed come from what is there. */
final class DeltaPassTest {
  private static final int MIB = 1 << 20;
  private static final Deltas CLONED = new Deltas(0, 1, 0, 0);
  private static final Deltas REBUILT = new Deltas(0, 0, 1, 0);
  private static final Deltas INCIDENT = new Deltas(0, 0, 0, 1);

  @TempDir private Path root;
  private ReplicaHarness replica;
  private byte[] content;

  @BeforeEach
  void seed() throws Exception {
    replica = new ReplicaHarness(root);
    content = new byte[18 * MIB + 1234];
    new SplittableRandom(7).nextBytes(content);
    replica.tree().file("large", content);
    replica.pass();
    replica.requireEqual();
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
  }

  /** A later version, which listings show to be another. */
  private PassResult pass(byte[] changed) throws Exception {
    replica.tree().file("large", changed).modified("large", 1_700_000_000, 1);
    return replica.pass();
  }

  private List<String> notices() {
    return replica.source.said(Notices.class).stream()
        .flatMap(said -> said.notices().stream())
        .map(Notice::slug)
        .toList();
  }

  private void requireCameFrom(PassResult result, byte[] changed, long literalMax)
      throws IOException {
    replica.requireEqual();
    assertThat(result.counters().literalBytes()).isLessThanOrEqualTo(literalMax);
    assertThat(result.counters().literalBytes() + result.counters().matchedBytes())
        .isEqualTo(changed.length);
    assertThat(notices()).isEmpty();
    assertThat(root.resolve(".driftless")).doesNotExist();
  }

  /** How it came depends on whether the file system shares extents. */
  private static void requireCame(PassResult result, Deltas sharing, Deltas notSharing) {
    assertThat(result.counters().deltas()).isIn(sharing, notSharing);
  }

  @Test
  @DisplayName("C27: pages that changed in place")
  void pages_that_changed_in_place() throws Exception {
    byte[] changed = content.clone();
    for (int page = 3; page < changed.length / 8192; page += 97) {
      Arrays.fill(changed, page * 8192, page * 8192 + 8192, (byte) page);
    }

    PassResult result = pass(changed);

    requireCameFrom(result, changed, 25 * 8192);
    requireCame(result, CLONED, new Deltas(1, 0, 0, 0));
    assertThat(replica.source.said(WantSegment.class)).isEmpty();
    assertThat(replica.source.said(CompareSegment.class)).hasSize(5);
  }

  @Test
  @DisplayName("C27: bytes inserted at the front")
  void bytes_inserted_at_the_front() throws Exception {
    byte[] changed = new byte[content.length + 1000];
    System.arraycopy(content, 0, changed, 1000, content.length);

    PassResult result = pass(changed);

    requireCameFrom(result, changed, 64 * 1024);
    requireCame(result, CLONED, REBUILT);
    assertThat(replica.source.said(RefinedSegment.class)).isNotEmpty();
  }

  @Test
  void a_delta_in_many_parts() throws Exception {
    replica.source.runsInPart = 1;
    byte[] changed = content.clone();
    for (int at = 5000; at < changed.length; at += 300_000) {
      changed[at]++;
    }

    requireCameFrom(pass(changed), changed, 70 * 4096);
  }

  @Test
  @DisplayName("C27: files that grew come from what is there, and the rest as it is")
  void a_file_that_grew() throws Exception {
    byte[] changed = Arrays.copyOf(content, content.length + 40 * MIB);
    new SplittableRandom(8).nextBytes(changed);
    System.arraycopy(content, 0, changed, 0, content.length);

    PassResult result = pass(changed);

    requireCameFrom(result, changed, 40 * MIB + 128 * 1024);
    assertThat(replica.source.said(WantSegment.class)).isNotEmpty();
  }

  @Test
  @DisplayName("C27: files that shrank")
  void a_file_that_shrank() throws Exception {
    byte[] changed = Arrays.copyOf(content, 5 * MIB + 77);

    requireCameFrom(pass(changed), changed, 4096);
  }

  @Test
  void files_below_a_mebibyte_come_whole() throws Exception {
    byte[] changed = Arrays.copyOf(content, MIB - 1);
    changed[0]++;

    PassResult result = pass(changed);

    replica.requireEqual();
    assertThat(result.counters().deltas()).isEqualTo(Deltas.NONE);
    assertThat(replica.source.said(CompareSegment.class)).isEmpty();
  }

  @Test
  @DisplayName("C32: what does not come out as the source has it is discarded and comes whole")
  void a_mismatch_is_discarded() throws Exception {
    byte[] changed = content.clone();
    changed[100]++;
    replica.source.deltas = sent -> sent.offset() > 0 ? with(sent, new Digest(1, 1)) : sent;

    PassResult result = pass(changed);

    replica.requireEqual();
    assertThat(notices()).containsExactly("delta-mismatch");
    assertThat(result.counters().literalBytes()).isEqualTo(changed.length);
    assertThat(result.counters().matchedBytes()).isZero();
    assertThat(result.counters().deltas()).isEqualTo(INCIDENT);
    assertThat(root.resolve(".driftless")).doesNotExist();
  }

  @Test
  @DisplayName("C32: a mix of moments is no incident: the next round mends it")
  void a_file_that_was_written_to_meanwhile() throws Exception {
    byte[] changed = content.clone();
    changed[100]++;
    replica.source.deltas =
        sent -> sent.offset() >= 16 * MIB ? changed(with(sent, new Digest(1, 1))) : sent;

    PassResult result = pass(changed);

    requireCameFrom(result, changed, 3 * MIB);
    assertThat(result.counters().busyFiles()).isZero();
    requireCame(result, CLONED, REBUILT);
    assertThat(replica.source.said(WantSegment.class)).hasSize(19);
  }

  private static SegmentDelta changed(SegmentDelta sent) {
    return new SegmentDelta(
        sent.slice(),
        sent.index(),
        sent.offset(),
        sent.reading(),
        sent.detail(),
        sent.part(),
        0,
        sent.fileBytes(),
        sent.dataOffset(),
        sent.delta(),
        sent.literals());
  }

  private static SegmentDelta with(SegmentDelta sent, Digest digest) {
    return with(sent, new Delta(sent.delta().covered(), sent.delta().runs(), digest));
  }

  private static SegmentDelta with(SegmentDelta sent, Delta delta) {
    return new SegmentDelta(
        sent.slice(),
        sent.index(),
        sent.offset(),
        sent.reading(),
        sent.detail(),
        sent.part(),
        sent.version(),
        sent.fileBytes(),
        sent.dataOffset(),
        delta,
        sent.literals());
  }

  @Test
  @DisplayName("C37: a basis that somebody writes to meanwhile does not get into the file")
  void a_basis_that_is_written_to() throws Exception {
    byte[] changed = content.clone();
    changed[17 * MIB]++;
    replica.source.deltas =
        sent -> {
          write(root.resolve("large"), 5 * MIB, new byte[9000]);
          return sent;
        };

    PassResult result = pass(changed);

    replica.requireEqual();
    if (!notices().isEmpty()) { // where extents can't be shared
      assertThat(notices()).containsExactly("basis-changed");
      assertThat(result.counters().matchedBytes()).isZero();
    }
    requireCame(result, CLONED, INCIDENT);
    assertThat(root.resolve(".driftless")).doesNotExist();
  }

  @Test
  @DisplayName("C37: a basis that is cut meanwhile")
  void a_basis_that_is_cut() throws Exception {
    byte[] changed = content.clone();
    changed[17 * MIB]++;
    replica.source.deltas =
        sent -> {
          truncate(root.resolve("large"));
          return sent;
        };

    pass(changed);

    replica.requireEqual();
    assertThat(root.resolve(".driftless")).doesNotExist();
  }

  private static void write(Path file, long offset, byte[] bytes) {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(offset);
      open.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void truncate(Path file) {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(10);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("C39: a part that was left is gone on with, and what it lacks comes from the basis")
  void a_part_that_was_left() throws Exception {
    byte[] changed = content.clone();
    leavePart(changed);

    replica = new ReplicaHarness(root);
    PassResult result = pass(changed);

    requireCameFrom(result, changed, 128 * 1024);
    requireCame(result, CLONED, REBUILT);
    assertThat(replica.source.said(WantSegment.class)).isNotEmpty();
    assertThat(replica.source.said(CompareSegment.class)).hasSize(3);
  }

  @Test
  @DisplayName("C43: a part that was left, and damaged meanwhile, is compared and not believed")
  void a_part_that_was_damaged() throws Exception {
    byte[] changed = content.clone();
    write(leavePart(changed), 2 * MIB + 17, new byte[] {1, 2, 3});

    replica = new ReplicaHarness(root);
    PassResult result = pass(changed);

    replica.requireEqual();
    assertThat(result.counters().literalBytes()).isBetween(3L, 3L * MIB);
    assertThat(root.resolve(".driftless")).doesNotExist();
  }

  /** Changes content, and has the pass that brings it broken off after 8 MiB. */
  private Path leavePart(byte[] changed) throws Exception {
    Arrays.fill(changed, 0, 6 * MIB, (byte) 9); // too much to be changed in place
    changed[17 * MIB]++;
    replica.source.deltas =
        sent -> {
          if (sent.offset() >= 8 * MIB) {
            throw new IllegalStateException("cut here");
          }
          return sent;
        };
    assertThatThrownBy(() -> pass(changed)).hasMessage("cut here");
    replica.close();
    try (var parts = Files.list(root.resolve(".driftless/parts"))) {
      List<Path> left = parts.toList();
      assertThat(left).hasSize(1);
      return left.getFirst();
    }
  }

  @Test
  @DisplayName("B9: a match of what was not offered ends the session")
  void a_match_of_what_was_not_offered() throws Exception {
    byte[] changed = content.clone();
    changed[0]++;
    replica.source.deltas =
        sent -> {
          long length = sent.delta().covered().length();
          var runs = List.<Run>of(new Run.Match(1L << 40, length));
          sent.literals().bytes().clear();
          return with(sent, new Delta(sent.delta().covered(), runs, Digest.EMPTY));
        };

    assertThatThrownBy(() -> pass(changed)).hasMessageContaining("protocol-violation");

    assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(content);
  }

  @Test
  @DisplayName("B9: questions that nobody may ask end the session")
  void questions_that_nobody_may_ask() throws Exception {
    byte[] changed = content.clone();
    changed[0]++;
    replica.source.deltas =
        sent -> {
          var nothing =
              new io.driftless.protocol.delta.Question.Refine(
                  List.of(), java.util.Optional.empty());
          replica.source.say(new RefineSegment(sent.slice(), sent.index(), sent.offset(), nothing));
          return sent;
        };

    assertThatThrownBy(() -> pass(changed)).hasMessageContaining("protocol-violation");

    assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(content);
  }
}
