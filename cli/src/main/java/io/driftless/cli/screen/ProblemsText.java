package io.driftless.cli.screen;

import io.driftless.cli.quantity.Shown;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Escaped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Problems grouped by reason: how many, one example, one remedy. Bounded by the reasons. */
public final class ProblemsText {
  private static final int REASONS_MAX = 50;

  private record Group(String reason, long count, Problem example) {}

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private long left;

  public void add(List<Problem> problems) {
    problems.forEach(this::add);
  }

  private void add(Problem problem) {
    Group group = groups.get(problem.reason());
    if (group == null && groups.size() >= REASONS_MAX) {
      left++;
      return;
    }
    groups.put(
        problem.reason(),
        group == null
            ? new Group(problem.reason(), 1, problem)
            : new Group(group.reason(), group.count() + 1, group.example()));
  }

  /** Two lines for each reason, the most frequent first. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    groups.values().stream()
        .sorted(Comparator.comparingLong(Group::count).reversed())
        .forEach(group -> addGroup(lines, group));
    if (left > 0) {
      lines.add("  %s with other reasons".formatted(Shown.count(left)));
    }
    return lines;
  }

  private static void addGroup(List<String> lines, Group group) {
    Problem example = group.example();
    String detail = example.detail().isEmpty() ? "" : ": " + Escaped.message(example.detail());
    lines.add(
        "  %s %s, e.g. %s%s"
            .formatted(
                Shown.count(group.count()),
                Escaped.display(group.reason()),
                example.path(),
                detail));
    lines.add("      -> " + Remedies.of(group.reason()));
  }
}
