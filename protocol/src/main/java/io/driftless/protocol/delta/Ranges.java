package io.driftless.protocol.delta;

import java.util.ArrayList;
import java.util.List;

/** Ascending ranges, as few as possible. */
final class Ranges {
  private final List<Range> list = new ArrayList<>();

  /** Adds a range that begins where the last one ends, or later. */
  void add(Range range) {
    if (range.length() == 0) {
      return;
    }
    if (!list.isEmpty() && list.getLast().end() == range.from()) {
      list.add(Range.between(list.removeLast().from(), range.end()));
      return;
    }
    list.add(range);
  }

  List<Range> list() {
    return list;
  }

  /** What a range holds besides these. */
  static List<Range> gaps(Range whole, List<Range> taken) {
    var result = new ArrayList<Range>();
    long at = whole.from();
    for (Range range : taken) {
      if (range.from() > at) {
        result.add(Range.between(at, range.from()));
      }
      at = range.end();
    }
    if (at < whole.end()) {
      result.add(Range.between(at, whole.end()));
    }
    return result;
  }

  static long bytes(List<Range> ranges) {
    return ranges.stream().mapToLong(Range::length).sum();
  }
}
