package io.driftless.cli.screen;

import io.driftless.cli.json.DifferenceJson;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.Kind;
import io.driftless.source.session.Explanation;
import io.driftless.source.session.Explanation.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How one entry stands: the answer in the first line, then both sides next to each other. */
public final class ExplanationText {
  private ExplanationText() {}

  public static List<String> lines(Explanation of) {
    var lines = new ArrayList<String>();
    lines.add("%s  %s  %s".formatted(of.volume(), of.path(), answer(of)));
    consequence(of).ifPresent(what -> lines.add("  " + what));
    if (of.finding() == Finding.PROBLEM || of.finding() == Finding.BUSY) {
      of.problem().ifPresent(problem -> lines.add("  -> " + Remedies.of(problem.reason())));
    }
    if (!of.aspects().isEmpty()) {
      lines.addAll(table(of));
    }
    return lines;
  }

  private static String answer(Explanation of) {
    String reason = Escaped.message(of.reason());
    return switch (of.finding()) {
      case EQUAL -> "equal" + unread(of);
      case DIFFERS -> "differs: " + reason + since(of) + unread(of);
      case SOURCE_ONLY -> "only at the source: " + reason;
      case TARGET_ONLY -> "only on the target: " + reason + since(of);
      case NEITHER -> "neither side has it: " + reason;
      case EXCLUDED -> reason.startsWith("excluded") ? reason : "excluded: " + reason;
      case MOUNT_POINT -> "behind a mount point: " + reason;
      case OUTSIDE -> "not part of the volume: " + reason;
      case PROBLEM -> "problem: " + reason;
      case BUSY -> "busy: " + reason;
    };
  }

  private static String unread(Explanation of) {
    boolean isFile = of.source().equals(Optional.of(Kind.REGULAR));
    return isFile && of.compare() == Compare.METADATA ? "; content not compared (--content)" : "";
  }

  private static String since(Explanation of) {
    return of.left() == Left.CHANGED_SINCE ? "; changed on the target since the last pass" : "";
  }

  private static Optional<String> consequence(Explanation of) {
    boolean isThere = of.target().isPresent();
    return switch (of.finding()) {
      case SOURCE_ONLY -> Optional.of("the next pass brings it");
      case DIFFERS -> Optional.of("the next pass brings it over");
      case TARGET_ONLY ->
          Optional.of(
              "the next pass deletes it, unless a guard refuses; nothing excludes it from that");
      case EXCLUDED ->
          Optional.of(
              isThere
                  ? "the target has it, and keeps it: what is excluded is protected there"
                  : "the target does not have it");
      case MOUNT_POINT -> Optional.of("make it a volume of its own if it is to be replicated");
      case EQUAL, NEITHER, OUTSIDE, PROBLEM, BUSY -> Optional.empty();
    };
  }

  private static List<String> table(Explanation of) {
    boolean isPair = of.source().isPresent();
    var rows = new ArrayList<Row>();
    rows.add(new Row(' ', "", isPair ? "SOURCE" : "", "TARGET"));
    for (Aspect each : of.aspects()) {
      rows.add(
          new Row(
              each.likeness() == Likeness.OTHER ? '*' : ' ',
              label(each),
              isPair ? value(each, each.source()) : "",
              value(each, each.target())));
    }
    int names = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int sources = rows.stream().mapToInt(row -> row.source().length()).max().orElse(0);
    return rows.stream()
        .map(row ->
            "%c %s  %s%s"
                .formatted(
                    row.mark(),
                    padded(row.name(), names),
                    isPair ? padded(row.source(), sources) + "  " : "",
                    row.target())
                .stripTrailing())
        .toList();
  }

  /** A line of the table; marked where the sides differ. */
  private record Row(char mark, String name, String source, String target) {}

  private static String label(Aspect aspect) {
    if (isNamed(aspect)) {
      String both = aspect.target().isEmpty() ? aspect.source() : aspect.target();
      return Escaped.display(both.substring(0, Math.max(0, both.indexOf(' '))));
    }
    return DifferenceJson.word(aspect.trait());
  }

  private static boolean isNamed(Aspect aspect) {
    return aspect.trait() == Trait.ACL || aspect.trait() == Trait.XATTR;
  }

  private static String value(Aspect aspect, String text) {
    String value = isNamed(aspect) ? text.substring(text.indexOf(' ') + 1) : text;
    return Escaped.message(value);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
