package io.driftless.protocol.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What whoever reads the file says of holes, and of an end that came early. */
final class HolesTest {
  private static final int LEAF = BlockSize.LEAF_BYTES;
  private static final BlockSize BLOCK = new BlockSize(4 * LEAF);

  private final Counting hash = Counting.strong();
  private final Pursuit pursuit = new Pursuit();
  private final byte[] content = new byte[32 * LEAF];
  private final MemorySegment bytes = MemorySegment.ofArray(content);
  private final BasisSegment basis;
  private final NewSegment fresh;

  HolesTest() {
    new SplittableRandom(1).nextBytes(content);
    var segment = new Range(0, content.length);
    basis = new BasisSegment(segment, 0, content.length, BLOCK, hash);
    basis.sign(0, bytes);
    fresh = new NewSegment(basis.compare(), content.length, hash, pursuit);
  }

  @Test
  @DisplayName("C30: data, a hole where there was data, data")
  void a_hole_between_matches() throws DeltaException {
    long from = 9L * LEAF;
    long end = 14L * LEAF + 512;
    fresh.compare(0, bytes.asSlice(0, from));
    fresh.compare(15L * LEAF, bytes.asSlice(15L * LEAF));

    begin();
    assertThat(fresh.wanted()).contains(Range.between(from, 15L * LEAF));
    assertThat(fresh.takesHoles()).isTrue();
    fresh.hole(end - from);
    feedAll();
    Delta delta = fresh.finish();

    assertThat(delta.runs())
        .containsExactly(
            new Run.Match(0, from),
            new Run.Hole(end - from),
            new Run.Literal(15L * LEAF - end),
            new Run.Match(15L * LEAF, 17L * LEAF));
    var patch = basis.patch();
    patch.match(new Run.Match(0, from));
    patch.hole(new Run.Hole(end - from));
    patch.literal(bytes.asSlice(end, 15L * LEAF - end));
    patch.match(new Run.Match(15L * LEAF, 17L * LEAF));
    patch.finish(delta);
  }

  @Test
  void a_hole_that_came_after_the_comparison_cuts_a_match_off() throws DeltaException {
    byte[] changed = content.clone();
    changed[0]++;
    fresh.compare(0, MemorySegment.ofArray(changed));
    begin();
    assertThat(fresh.wanted()).contains(new Range(0, LEAF));

    fresh.hole(2L * LEAF);
    feedAll();

    assertThat(fresh.finish().runs())
        .containsExactly(
            new Run.Hole(2L * LEAF),
            new Run.Literal(2L * LEAF),
            new Run.Match(4L * LEAF, 28L * LEAF));
  }

  @Test
  void a_file_that_shrank_ends_where_its_bytes_do() throws DeltaException {
    fresh.compare(0, bytes.asSlice(0, 10L * LEAF + 3));
    begin();
    fresh.feed(bytes.asSlice(10L * LEAF, 3), Stretch.ENDS);

    Delta delta = fresh.finish();

    assertThat(delta.covered()).isEqualTo(new Range(0, 10L * LEAF + 3));
    var patch = basis.patch();
    patch.match(new Run.Match(0, 10L * LEAF));
    patch.literal(bytes.asSlice(10L * LEAF, 3));
    patch.finish(delta);
  }

  private void begin() throws DeltaException {
    Refine refine = fresh.refine();
    Optional<RollingSignature> signature = Optional.empty();
    if (refine.window().isPresent()) {
      WindowSigner signer = basis.window(refine.window().get());
      signer.sign(bytes.asSlice(signer.wanted().from(), signer.wanted().length()));
      signature = Optional.of(signer.signature());
    }
    fresh.begin(new Refined(basis.finer(refine), signature), part -> {});
  }

  private void feedAll() {
    while (fresh.wanted().isPresent()) {
      Range wanted = fresh.wanted().get();
      fresh.feed(bytes.asSlice(wanted.from(), wanted.length()), Stretch.ENDS);
    }
  }
}
