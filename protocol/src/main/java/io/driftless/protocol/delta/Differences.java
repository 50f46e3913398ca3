package io.driftless.protocol.delta;

import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Question.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Where a new segment differs from what was expected, and what to do about it. */
final class Differences {
  /*
   * A maximal range of differing blocks is an edit in place if it is short: its leaves are compared.
   * If it is long, it may also be shifted content, so a window of the basis is asked for with its
   * leaves. Once these are known: if a quarter of them is equal, it was many edits in place after
   * all, and only what is left and long is searched; else all of it is, but for equal leaves at
   * either end. What has no counterpart, beyond the end of the basis, is new, unless content is
   * known or suspected to have moved.
   */
  private static final int EDITED_SHARE = 4;

  private static final int GAP_BLOCKS = 2;

  private final Compare question;
  private final LeafHashes leaves;
  private final BlockSize searchBlock;
  private final List<Range> equal;
  private final List<Range> changed;
  private final Refine refine;

  /**
   * @param available what there is of the new segment
   * @param leaves of it, at the expected place of the blocks
   */
  Differences(
      Compare question, Range available, LeafHashes leaves, StrongHash hash, Pursuit pursuit) {
    this.question = question;
    this.leaves = leaves;
    this.searchBlock = question.basis().block().forSearch();
    this.equal = equal(question.basis(), hash);
    this.changed = Ranges.gaps(available, equal);
    this.refine = new Refine(finer(), window(pursuit));
  }

  private List<Range> equal(BlockHashes basis, StrongHash hash) {
    var tree = new TreeHash(hash, basis.block());
    var result = new Ranges();
    for (int i = 0; i < basis.count(); i++) {
      Range expected = moved(basis.range(i), question.displacement());
      if (leaves.knows(expected) && leaves.block(expected, tree).low() == basis.hash(i)) {
        result.add(expected);
      }
    }
    return result.list();
  }

  private static Range moved(Range range, long bytes) {
    return new Range(range.from() + bytes, range.length());
  }

  private Range counterpart(Range range) {
    Range compared = leaves.range();
    long from = Math.max(range.from(), compared.from());
    return new Range(from, Math.max(0, Math.min(range.end(), compared.end()) - from));
  }

  private List<Range> finer() {
    var result = new ArrayList<Range>();
    boolean cutAlike = leaves.range().length() == question.basis().basis().length();
    if (!cutAlike || question.basis().block().equals(BlockSize.LEAF)) {
      return result;
    }
    for (Range range : changed) {
      Range counterpart = counterpart(range);
      if (counterpart.length() > 0) {
        result.add(moved(counterpart, -question.displacement()));
      }
    }
    return result;
  }

  private Optional<Window> window(Pursuit pursuit) {
    List<Range> shifted = changed.stream().filter(range -> mayBeShifted(range, pursuit)).toList();
    if (shifted.isEmpty()) {
      return Optional.empty();
    }
    Range span = Range.between(shifted.getFirst().from(), shifted.getLast().end());
    Optional<Window> window = windowAround(span, pursuit.reachBytes());
    boolean searches = window.isPresent() && pursuit.searches(question.segment().length());
    return searches ? window : Optional.empty();
  }

  private boolean mayBeShifted(Range range, Pursuit pursuit) {
    long bytes = counterpart(range).length();
    if (bytes >= (long) Pursuit.SHIFT_BLOCKS * question.basis().block().bytes()) {
      return true;
    }
    boolean suspected = question.displacement() != 0 || pursuit.isDoubtful();
    return suspected && range.length() - bytes >= searchBlock.bytes();
  }

  /** Cut like the blocks that were compared, so that content at its place is found at once. */
  private Optional<Window> windowAround(Range span, long farthest) {
    int step = searchBlock.bytes();
    long most = Window.bytesMax(searchBlock);
    long reach = Math.clamp((most - span.length()) / 2, 0, farthest);
    long origin = question.segment().from() - question.displacement();
    long first = span.from() - question.displacement() - reach;
    long from = origin + Math.floorDiv(first - origin, step) * step;
    if (from < 0) {
      from += (-from + step - 1) / step * step;
    }
    long last = span.end() - question.displacement() + reach;
    long length = Math.min(most, (last - from + step - 1) / step * step);
    long end = Math.min(question.basisBytes(), from + length);
    return end > from
        ? Optional.of(new Window(Range.between(from, end), searchBlock))
        : Optional.empty();
  }

  Refine refine() {
    return refine;
  }

  /** Divides the segment, once the answer is there. */
  Deque<Part> parts(Refined answer, StrongHash hash) throws DeltaException {
    requireAnswered(answer);
    var equalLeaves = new ArrayList<Range>();
    answer.finer().forEach(basis -> equalLeaves.addAll(equal(basis, hash)));
    var parts = new ArrayList<Part>();
    equal.forEach(range -> parts.add(new Part(range, Part.Treatment.MATCHED)));
    for (Range range : changed) {
      List<Range> inside =
          equalLeaves.stream()
              .filter(leaf -> leaf.from() >= range.from() && leaf.end() <= range.end())
              .toList();
      addChanged(range, inside, parts);
    }
    parts.sort((a, b) -> Long.compare(a.range().from(), b.range().from()));
    return new ArrayDeque<>(parts);
  }

  private void addChanged(Range range, List<Range> equalLeaves, List<Part> parts) {
    boolean searching = refine.window().isPresent();
    boolean edited = !searching || Ranges.bytes(equalLeaves) * EDITED_SHARE >= range.length();
    List<Range> matched =
        edited
            ? equalLeaves
            : equalLeaves.stream()
                .filter(leaf -> leaf.from() == range.from() || leaf.end() == range.end())
                .toList();
    matched.forEach(leaf -> parts.add(new Part(leaf, Part.Treatment.MATCHED)));
    long worthIt = edited ? (long) GAP_BLOCKS * searchBlock.bytes() : 1;
    for (Range gap : Ranges.gaps(range, matched)) {
      boolean search = searching && gap.length() >= worthIt;
      parts.add(new Part(gap, search ? Part.Treatment.SEARCHED : Part.Treatment.LITERAL));
    }
  }

  private void requireAnswered(Refined answer) throws DeltaException {
    if (!answered(answer)) {
      throw new DeltaException.Illegal(
          "an answer that was not asked for, in the segment at %d"
              .formatted(question.segment().from()));
    }
  }

  private boolean answered(Refined answer) {
    if (answer.finer().size() != refine.finer().size()
        || answer.window().isPresent() != refine.window().isPresent()) {
      return false;
    }
    for (int i = 0; i < refine.finer().size(); i++) {
      if (!fits(answer.finer().get(i), refine.finer().get(i), BlockSize.LEAF)) {
        return false;
      }
    }
    return refine.window().isEmpty()
        || fits(
            answer.window().orElseThrow().strong(),
            refine.window().get().basis(),
            refine.window().get().block());
  }

  private static boolean fits(BlockHashes answer, Range asked, BlockSize block) {
    return answer.basis().equals(asked) && answer.block().equals(block);
  }
}
