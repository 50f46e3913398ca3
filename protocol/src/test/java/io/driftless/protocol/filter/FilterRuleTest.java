package io.driftless.protocol.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilterRuleTest {
  private static final Origin ORIGIN = new Origin("driftless.toml", 12);

  @ParameterizedTest(name = "[{0}]: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "''|it names nothing",
        "'   '|it names nothing",
        "!|it names nothing",
        "/|it names nothing",
        "!/|it names nothing",
        "#x|it is a comment",
        "//|two slashes have no name between them",
        "a//b|two slashes have no name between them",
        "a/**//|two slashes have no name between them",
        "./cache|\".\" names no entry",
        "a/../b|\"..\" names no entry",
        "..|\"..\" names no entry",
        "a\\|the backslash at the end",
        "a[bc|\"[bc\" is never closed",
        "a[]|\"[]\" is never closed",
        "a[b\\|\"[b\\\" is never closed",
        "x[/]y|no character matches \"[/]\"",
        "[[:dig:]]|there is no class [:dig:]",
        "[\u00e4\u00f6]x|a class matches one byte",
      })
  void what_could_never_match_is_refused_with_the_part_that_is_wrong(String text, String part) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterRule.parse(text, ORIGIN))
        .withMessageStartingWith("pattern \"")
        .withMessageContaining("(driftless.toml:12): " + part)
        .satisfies(flaw -> assertThat(flaw.getMessage()).doesNotContain("\n"));
  }

  @Test
  @DisplayName("B10: size and characters are checked")
  void size_and_characters_are_checked() {
    assertFlaw("x".repeat(4097), "it is longer than 4096 bytes");
    assertFlaw("\u00fc".repeat(2049), "it is longer than 4096 bytes");
    assertFlaw("x".repeat(256), "a name has at most 255 bytes, and a part of it needs 256");
    assertFlaw("a/" + "?".repeat(256), "a name has at most 255 bytes");
    assertFlaw("a\0b", "it contains a NUL");
    assertFlaw("a\ud800", "it contains half a character");
  }

  @Test
  @DisplayName("B19: messages escape what the pattern contains")
  void messages_escape_what_the_pattern_contains() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterRule.parse("a\n\u001b[", new Origin("x\ny", 1)))
        .withMessageStartingWith("pattern \"a\\n\\x1b[\" (x\\ny:1): \"[\" is never closed");
  }

  @Test
  void files_of_patterns_skip_comments_and_blank_lines() {
    String content = "\uFEFF# first\r\n*.swp\r\n\n   \n\\#x  \n!keep";

    var rules = FilterRule.parseLines(content, ".driftlessignore");

    assertThat(rules)
        .extracting(FilterRule::toString)
        .containsExactly(
            "*.swp (.driftlessignore:2)",
            "\\#x   (.driftlessignore:5)",
            "!keep (.driftlessignore:6)");
    assertThat(rules)
        .extracting(FilterRule::outcome)
        .containsExactly(
            Verdict.Outcome.EXCLUDED, Verdict.Outcome.EXCLUDED, Verdict.Outcome.INCLUDED);
  }

  @Test
  void rules_are_equal_by_text_and_origin() {
    var rule = FilterRule.parse("*.swp", ORIGIN);

    assertThat(rule).isEqualTo(FilterRule.parse("*.swp", ORIGIN));
    assertThat(rule).hasSameHashCodeAs(FilterRule.parse("*.swp", ORIGIN));
    assertThat(rule).isNotEqualTo(FilterRule.parse("*.swp", Origin.COMMAND_LINE));
    assertThat(rule).isNotEqualTo(FilterRule.parse("*.swo", ORIGIN));
  }

  @Test
  void origins_name_the_line_where_there_is_one() {
    assertThat(ORIGIN).hasToString("driftless.toml:12");
    assertThat(Origin.COMMAND_LINE).hasToString("command line");
    assertThatIllegalArgumentException().isThrownBy(() -> new Origin("", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Origin("x", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Origin("x".repeat(4097), 1));
  }

  private static void assertFlaw(String text, String part) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterRule.parse(text, ORIGIN))
        .withMessageContaining(part);
  }
}
