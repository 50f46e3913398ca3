package io.driftless.cli.health;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What there is to say of an agent, the worst first, and the numbers behind it. */
public record Health(List<Finding> findings, List<Measure> measures) {
  public Health {
    var sorted = new ArrayList<>(findings);
    sorted.sort(Comparator.comparing(Finding::severity).reversed());
    findings = List.copyOf(sorted);
    measures = List.copyOf(measures);
  }

  public Severity severity() {
    return findings.stream().map(Finding::severity).reduce(Severity.OK, Severity::and);
  }

  /** {@code DRIFTLESS OK - www lag 18 ms | www_lag=0.018s;15;30;0}. */
  public String line() {
    String said =
        findings.stream()
            .map(finding -> finding.subject() + " " + finding.text())
            .collect(Collectors.joining("; "));
    String numbers = measures.stream().map(Measure::text).collect(Collectors.joining(" "));
    return line(severity(), said) + (numbers.isEmpty() ? "" : " | " + numbers);
  }

  /** As {@link #line}, for what has no numbers. */
  public static String line(Severity severity, String said) {
    return "DRIFTLESS %s - %s".formatted(severity, said.replace('|', '/'));
  }
}
