package io.driftless.target.agent;

import io.driftless.protocol.filter.DirectoryFilter;
import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.filter.FilterRule;
import io.driftless.protocol.filter.Origin;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import java.util.ArrayList;
import java.util.List;

/** The patterns that a source sent, applied here by the same rules. Immutable. */
final class SourceFilters implements Exclusions {
  private final Filter filter;

  private SourceFilters(Filter filter) {
    this.filter = filter;
  }

  static SourceFilters parse(List<String> patterns) throws Refusal {
    try {
      var rules = new ArrayList<FilterRule>();
      for (int i = 0; i < patterns.size(); i++) {
        rules.add(FilterRule.parse(patterns.get(i), new Origin("source", i + 1)));
      }
      return new SourceFilters(rules.isEmpty() ? Filter.NONE : Filter.of(rules));
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          "filter-refused",
          "the source sent a pattern that can't be used: "
              + Escaped.display(String.valueOf(e.getMessage())),
          "correct the pattern in the source's configuration");
    }
  }

  @Override
  public InDirectory in(TreePath directory) {
    DirectoryFilter rules = filter.in(directory);
    return rules.excludesNothing() ? InDirectory.NOTHING : rules::excludes;
  }
}
