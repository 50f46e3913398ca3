package io.driftless.cli.command;

import io.driftless.cli.json.Change;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Goes through all that a pass told of entries, however much it is, page by page. */
final class DifferencePages {
  private final Passes passes;
  private final PassReport report;

  DifferencePages(Passes passes, PassReport report) {
    this.passes = passes;
    this.report = report;
  }

  /** What is done with each. */
  @FunctionalInterface
  interface Visitor<T> {
    void visit(T each) throws IOException;
  }

  void forEach(Visitor<Difference> visitor) throws IOException {
    long after = 0;
    while (true) {
      List<NumberedDifference> page = passes.differences(report.volume(), report.pass(), after);
      for (NumberedDifference each : page) {
        visitor.visit(each.difference());
      }
      if (page.isEmpty()) {
        return;
      }
      after = page.getLast().number();
    }
  }

  /** As {@link #forEach}, all differences of an entry at once. */
  void forEachChange(Visitor<Change> visitor) throws IOException {
    var ofOne = new ArrayList<Difference>();
    forEach(difference -> {
      if (!ofOne.isEmpty() && !ofOne.getFirst().path().equals(difference.path())) {
        visitor.visit(Change.of(ofOne));
        ofOne.clear();
      }
      ofOne.add(difference);
    });
    if (!ofOne.isEmpty()) {
      visitor.visit(Change.of(ofOne));
    }
  }
}
