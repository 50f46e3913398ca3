package io.driftless.target.stage;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Which ranges of a file something is known of. Ranges that touch become one. */
final class Coverage {
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /** What is done for each range. */
  @FunctionalInterface
  interface Visitor {
    void visit(long from, long end) throws IOException;
  }

  void add(long from, long end) {
    long begin = from;
    long last = end;
    Map.Entry<Long, Long> before = ends.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      begin = before.getKey();
      last = Math.max(last, before.getValue());
    }
    Map.Entry<Long, Long> next = ends.ceilingEntry(begin);
    while (next != null && next.getKey() <= last) {
      last = Math.max(last, next.getValue());
      ends.remove(next.getKey());
      next = ends.ceilingEntry(begin);
    }
    ends.put(begin, last);
  }

  /** In ascending order. */
  void forEach(Visitor visitor) throws IOException {
    for (Map.Entry<Long, Long> range : ends.entrySet()) {
      visitor.visit(range.getKey(), range.getValue());
    }
  }
}
