package io.driftless.protocol.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Question.Window;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Messages that overlap, lead beyond the end, are negative, or too many. */
final class LyingPeerTest {
  private static final int LEAF = BlockSize.LEAF_BYTES;
  private static final Range SEGMENT = new Range(0, 64L * LEAF);
  private static final BlockSize BLOCK = new BlockSize(4 * LEAF);
  private static final Literals NOWHERE = bytes -> {};

  private final Counting hash = Counting.strong();
  private final MemorySegment basis = noise(1);
  private final MemorySegment wanted = noise(2);

  private static MemorySegment noise(long seed) {
    byte[] bytes = new byte[64 * LEAF - 100];
    new SplittableRandom(seed).nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  private BasisSegment signed() {
    var segment = new BasisSegment(SEGMENT, 0, basis.byteSize(), BLOCK, hash);
    segment.sign(0, basis);
    return segment;
  }

  private NewSegment compared(Refine[] asked) {
    var segment = new NewSegment(signed().compare(), wanted.byteSize(), hash, new Pursuit());
    segment.compare(0, wanted);
    asked[0] = segment.refine();
    return segment;
  }

  @Test
  void values_that_cannot_be_are_not_made() {
    var hashes = new BlockHashes(new Range(0, 3L * LEAF), BlockSize.LEAF, new long[3]);
    illegal(() -> new Range(-1, 5));
    illegal(() -> new Range(1, Long.MAX_VALUE));
    illegal(() -> new Run.Literal(0));
    illegal(() -> new Run.Match(-1, 5));
    illegal(() -> new Run.Match(Long.MAX_VALUE, 5));
    illegal(() -> new Run.Hole(-5));
    illegal(() -> new BlockSize(4097));
    illegal(() -> new BlockSize(2048));
    illegal(() -> new BlockHashes(new Range(0, 3L * LEAF + 1), BlockSize.LEAF, new long[3]));
    illegal(() -> new BlockHashes(new Range(0, Long.MAX_VALUE), BlockSize.LEAF, new long[3]));
    illegal(() -> new RollingSignature(hashes, new int[2]));
    illegal(() -> new Window(new Range(0, 1L << 40), BlockSize.LEAF));
    illegal(() -> new Window(new Range(0, (1L << 30) + 1), new BlockSize(BlockSize.BYTES_MAX)));
    illegal(() -> new Refine(Collections.nCopies(8193, SEGMENT), Optional.empty()));
    illegal(() -> new Compare(SEGMENT, 0, 2L * LEAF, hashes));
    illegal(() -> new Compare(SEGMENT, -1, 3L * LEAF, hashes));
    illegal(() -> new Compare(SEGMENT, 62L * LEAF, 3L * LEAF, hashes));
    illegal(() -> new Compare(SEGMENT, Long.MIN_VALUE, 3L * LEAF, hashes));
    illegal(() -> new Compare(SEGMENT, Long.MAX_VALUE, 3L * LEAF, hashes));
    illegal(() -> new Compare(new Range(0, 1L << 30), 0, 3L * LEAF, hashes));
    var runs = Collections.nCopies(Delta.RUNS_MAX + 1, (Run) new Run.Hole(1));
    illegal(() -> new Delta(new Range(0, runs.size()), runs, Digest.EMPTY));
    illegal(() -> new Delta(new Range(0, 7), List.of(new Run.Hole(8)), Digest.EMPTY));
    illegal(() ->
        new Delta(
            new Range(0, 7),
            List.of(new Run.Hole(Long.MAX_VALUE), new Run.Hole(Long.MAX_VALUE)),
            Digest.EMPTY));
  }

  private static void illegal(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_match_of_what_was_not_signed_is_refused() {
    broken(() -> signed().patch().match(new Run.Match(64L * LEAF, LEAF)));
    broken(() -> signed().patch().match(new Run.Match(1, LEAF)));
    broken(() -> signed().patch().match(new Run.Match(0, LEAF + 1)));
    broken(() -> signed().patch().match(new Run.Match(63L * LEAF, LEAF)));
    broken(() -> signed().patch().match(new Run.Match(0, 65L * LEAF)));
    broken(() -> signed().patch().match(new Run.Match(Long.MAX_VALUE - LEAF, LEAF)));
  }

  @Test
  void runs_beyond_the_segment_are_refused() throws DeltaException {
    var patch = signed().patch();
    patch.hole(new Run.Hole(63L * LEAF));
    broken(() -> patch.hole(new Run.Hole(LEAF + 1)));
    broken(() -> patch.match(new Run.Match(0, 2L * LEAF)));
    broken(() -> patch.literal(wanted));
  }

  @Test
  void runs_that_fall_short_of_what_they_cover_are_refused() {
    var patch = signed().patch();
    var delta = new Delta(SEGMENT, List.of(new Run.Hole(SEGMENT.length())), Digest.EMPTY);
    broken(() -> patch.finish(delta));
  }

  @Test
  void a_wrong_digest_is_a_mismatch() throws DeltaException {
    var patch = signed().patch();
    patch.match(new Run.Match(0, 4L * LEAF));
    var delta =
        new Delta(new Range(0, 4L * LEAF), List.of(new Run.Match(0, 4L * LEAF)), new Digest(1, 2));
    assertThatThrownBy(() -> patch.finish(delta)).isInstanceOf(DeltaException.Mismatch.class);
  }

  @Test
  void questions_beyond_what_was_offered_are_refused() throws DeltaException {
    var none = Optional.<Window>empty();
    broken(() -> signed().finer(new Refine(List.of(new Range(64L * LEAF, LEAF)), none)));
    broken(() -> signed().finer(new Refine(List.of(new Range(5, LEAF)), none)));
    broken(() -> signed().finer(new Refine(List.of(new Range(0, 0)), none)));
    var overlapping = List.of(new Range(0, 2L * LEAF), new Range(LEAF, LEAF));
    broken(() -> signed().finer(new Refine(overlapping, none)));
    broken(() -> signed().window(new Window(new Range(0, 64L * LEAF), BLOCK)));
    broken(() -> signed().window(new Window(new Range(1, LEAF), BLOCK)));
    var twice = signed();
    twice.window(new Window(new Range(0, LEAF), BLOCK));
    broken(() -> twice.window(new Window(new Range(0, LEAF), BLOCK)));
  }

  @Test
  void answers_to_another_question_are_refused() {
    var asked = new Refine[1];
    var segment = compared(asked);
    assertThat(asked[0].finer()).hasSize(1);
    assertThat(asked[0].window()).isPresent();
    var signature =
        new RollingSignature(
            new BlockHashes(new Range(0, LEAF), BlockSize.LEAF, new long[1]), new int[1]);
    var other = new BlockHashes(new Range(0, LEAF), BlockSize.LEAF, new long[1]);
    broken(() -> segment.begin(NOWHERE));
    broken(() -> segment.begin(new Refined(List.of(other), Optional.of(signature)), NOWHERE));
    broken(() -> segment.begin(new Refined(List.of(other), Optional.empty()), NOWHERE));
  }

  private static void broken(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(DeltaException.Illegal.class);
  }
}
