package io.driftless.protocol.filter;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a {@link Filter} that matter in one directory, strongest first. Immutable; deciding
 * about an entry takes no memory.
 */
public final class DirectoryFilter {
  static final DirectoryFilter INCLUDES_ALL = new DirectoryFilter(Head.ROOT, List.of(), null);

  private final Head head;
  private final FilterRule[] candidates;
  private final @Nullable FilterRule excludedBy;

  private DirectoryFilter(Head head, List<FilterRule> candidates, @Nullable FilterRule excludedBy) {
    this.head = head;
    this.candidates = candidates.toArray(FilterRule[]::new);
    this.excludedBy = excludedBy;
  }

  static DirectoryFilter of(List<FilterRule> rules, TreePath directory) {
    Head head = Head.of(directory);
    List<FilterRule> strongestFirst = rules.reversed();
    FilterRule exclusion = exclusionOf(strongestFirst, directory, head);
    if (exclusion != null) {
      return new DirectoryFilter(head, List.of(), exclusion);
    }
    var candidates = strongestFirst.stream().filter(rule -> rule.reaches(head)).toList();
    return candidates.isEmpty() ? INCLUDES_ALL : new DirectoryFilter(head, candidates, null);
  }

  /** Tells whether no rule reaches into this directory. */
  public boolean excludesNothing() {
    return candidates.length == 0 && excludedBy == null;
  }

  /** Tells whether an entry of this directory is excluded. */
  public boolean excludes(Name name, Kind kind) {
    FilterRule rule = lastMatch(name, kind);
    return rule != null && rule.outcome() == Verdict.Outcome.EXCLUDED;
  }

  /** As {@link #excludes}, with the rule that decided. */
  public Verdict decide(Name name, Kind kind) {
    return Verdict.of(lastMatch(name, kind));
  }

  private @Nullable FilterRule lastMatch(Name name, Kind kind) {
    if (excludedBy != null) {
      return excludedBy;
    }
    for (FilterRule rule : candidates) {
      if (rule.matches(head, name, kind)) {
        return rule;
      }
    }
    return null;
  }

  /** The rule that excludes the directory or the topmost one above it, null if none does. */
  private static @Nullable FilterRule exclusionOf(
      List<FilterRule> strongestFirst, TreePath directory, Head whole) {
    int headBytes = 0;
    for (Name name : directory.names()) {
      Head head = whole.first(headBytes);
      for (FilterRule rule : strongestFirst) {
        if (rule.reaches(head) && rule.matches(head, name, Kind.DIRECTORY)) {
          if (rule.outcome() == Verdict.Outcome.EXCLUDED) {
            return rule;
          }
          break;
        }
      }
      headBytes += name.length() + 1;
    }
    return null;
  }
}
