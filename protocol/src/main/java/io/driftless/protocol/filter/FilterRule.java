package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.filter.Verdict.Outcome;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One pattern in the syntax of gitignore, and where it was written.
 *
 * <p>{@code !} in front includes again what an earlier rule excluded; {@code /} in front or in the
 * middle ties the pattern to the root of the volume, otherwise it matches names at any depth;
 * {@code /} at the end matches directories only; {@code *}, {@code ?} and {@code [a-z]} don't match
 * a slash, {@code **} between slashes does; a backslash takes the next character literally;
 * trailing spaces are dropped unless escaped.
 *
 * <p>Equal by text and origin. Immutable.
 */
public final class FilterRule {
  /** Limit of one pattern, in UTF-8. */
  public static final int MAX_BYTES = 4096;

  private static final int SHOWN_CHARACTERS_MAX = 80;

  private final String text;
  private final Origin origin;
  private final Outcome outcome;
  private final boolean directoriesOnly;
  private final Pattern pattern;

  private FilterRule(String text, Origin origin) {
    this.text = text;
    this.origin = origin;
    checkText(text);
    String body = withoutTrailingSpaces(text);
    if (body.startsWith("#")) {
      throw new IllegalArgumentException(
          "it is a comment; write \\# for a name that begins with #");
    }
    outcome = body.startsWith("!") ? Outcome.INCLUDED : Outcome.EXCLUDED;
    int start = outcome == Outcome.INCLUDED ? 1 : 0;
    directoriesOnly = body.endsWith("/");
    int end = directoriesOnly ? body.length() - 1 : body.length();
    if (start >= end) {
      throw new IllegalArgumentException("it names nothing; leave it out or write a name");
    }
    pattern = new PatternParser(body.substring(start, end).getBytes(UTF_8)).parse();
  }

  /**
   * The rule that one pattern stands for.
   *
   * @throws IllegalArgumentException if it is empty, a comment, too long or could never match
   *     anything; the message is one line and says where it was written and which part is wrong
   */
  public static FilterRule parse(String text, Origin origin) {
    try {
      return new FilterRule(text, origin);
    } catch (IllegalArgumentException flaw) {
      throw new IllegalArgumentException(
          "pattern \"%s\" (%s): %s".formatted(shown(text), origin, flaw.getMessage()), flaw);
    }
  }

  /**
   * The rules in a file of patterns, one to a line; blank lines and those that begin with {@code #}
   * are skipped.
   *
   * @throws IllegalArgumentException as {@link #parse}, at the first line that is wrong
   */
  public static List<FilterRule> parseLines(String content, String source) {
    String body = content.startsWith("\uFEFF") ? content.substring(1) : content;
    var rules = new ArrayList<FilterRule>();
    int line = 0;
    for (String text : body.split("\n", -1)) {
      line++;
      String rule = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      if (!rule.startsWith("#") && !rule.isBlank()) {
        rules.add(parse(rule, new Origin(source, line)));
      }
    }
    return List.copyOf(rules);
  }

  /** The pattern as it was written. */
  public String text() {
    return text;
  }

  public Origin origin() {
    return origin;
  }

  /** What happens to an entry that this rule decides about. */
  public Outcome outcome() {
    return outcome;
  }

  /** Tells whether the rule could match anything in this directory itself. */
  boolean reaches(Head head) {
    return pattern.reaches(head);
  }

  boolean matches(Head head, Name name, Kind kind) {
    return (!directoriesOnly || kind == Kind.DIRECTORY) && pattern.matches(head, name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilterRule rule && text.equals(rule.text) && origin.equals(rule.origin);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, origin);
  }

  /** For people: {@code *.swp (driftless.toml:12)}; escaped and shortened. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(shown(text), origin);
  }

  private static void checkText(String text) {
    if (text.length() > MAX_BYTES || text.getBytes(UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("it is longer than %d bytes".formatted(MAX_BYTES));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("it contains a NUL, which no name does");
    }
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("it contains half a character and can't be UTF-8");
    }
  }

  private static String withoutTrailingSpaces(String text) {
    int end = 0;
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
        end = Math.min(at + 1, text.length());
      } else if (text.charAt(at) != ' ') {
        end = at + 1;
      }
    }
    return text.substring(0, end);
  }

  /** Text of a pattern in a message: shortened, and escaped except for its own backslashes. */
  static String shown(String text) {
    boolean whole = text.length() <= SHOWN_CHARACTERS_MAX;
    String shown = whole ? text : text.substring(0, SHOWN_CHARACTERS_MAX) + "...";
    return Escaped.display(shown).replace("\\\\", "\\");
  }
}
