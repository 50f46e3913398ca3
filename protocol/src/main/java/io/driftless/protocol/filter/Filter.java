package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.List;

/**
 * The rules of a volume: which entries are replicated and which aren't there for us.
 *
 * <p>The last rule that matches decides; what no rule matches is included. Nothing below an
 * excluded directory can be included again. The root itself is always included. Immutable.
 */
public final class Filter {
  public static final int MAX_RULES = 4096;

  /** Limit of all patterns together, in UTF-8: it bounds the work for one entry. */
  public static final int MAX_BYTES = 256 * 1024;

  /** Includes everything. */
  public static final Filter NONE = new Filter(List.of());

  private final List<FilterRule> rules;

  private Filter(List<FilterRule> rules) {
    this.rules = rules;
  }

  /**
   * A filter of these rules, the first one weakest.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_RULES}, or they are longer
   *     than {@link #MAX_BYTES} together
   */
  public static Filter of(List<FilterRule> rules) {
    if (rules.isEmpty()) {
      return NONE;
    }
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "%d filter rules exceed the limit of %d; put what they name under one directory, or use wildcards"
              .formatted(rules.size(), MAX_RULES));
    }
    long bytes = 0;
    for (FilterRule rule : rules) {
      bytes += rule.text().getBytes(UTF_8).length;
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "filter rules of %d bytes together exceed the limit of %d; use wildcards"
              .formatted(bytes, MAX_BYTES));
    }
    return new Filter(List.copyOf(rules));
  }

  public List<FilterRule> rules() {
    return rules;
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /**
   * The rules as they apply in one directory. For a walk, which asks for each entry: prepared once,
   * it decides without allocating.
   */
  public DirectoryFilter in(TreePath directory) {
    return rules.isEmpty() ? DirectoryFilter.INCLUDES_ALL : DirectoryFilter.of(rules, directory);
  }

  /** Decides about one entry, with regard to all directories above it. */
  public Verdict decide(TreePath directory, Name name, Kind kind) {
    return in(directory).decide(name, kind);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Filter filter && rules.equals(filter.rules);
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }

  @Override
  public String toString() {
    return "filter of %d rules".formatted(rules.size());
  }
}
