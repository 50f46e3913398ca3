package io.driftless.protocol.filter;

import org.jspecify.annotations.Nullable;

/**
 * What a filter says about one entry, and why.
 *
 * @param rule the rule that decided; null where none matched, and the entry is included
 */
public record Verdict(Outcome outcome, @Nullable FilterRule rule) {
  public enum Outcome {
    INCLUDED,
    EXCLUDED
  }

  static final Verdict NO_RULE_MATCHED = new Verdict(Outcome.INCLUDED, null);

  static Verdict of(@Nullable FilterRule rule) {
    return rule == null ? NO_RULE_MATCHED : new Verdict(rule.outcome(), rule);
  }

  public boolean isExcluded() {
    return outcome == Outcome.EXCLUDED;
  }

  /** For people: {@code excluded by *.swp (driftless.toml:12)}. */
  @Override
  public String toString() {
    String said = isExcluded() ? "excluded" : "included";
    return rule == null ? said + ", no pattern matches" : said + " by " + rule;
  }
}
