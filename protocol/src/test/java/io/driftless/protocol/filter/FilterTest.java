package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilterTest {
  @ParameterizedTest(name = "[{0}] on {1} is {2}")
  @CsvSource(
      quoteCharacter = '"',
      delimiter = ' ',
      value = {
        "core core excluded",
        "core a/b/core excluded",
        "core Core included",
        "core cores included",
        "*.swp .swp excluded",
        "*.swp a/x.swp excluded",
        "*.swp x.swpx included",
        "* x excluded",
        "/core core excluded",
        "/core a/core included",
        "a/core a/core excluded",
        "a/core b/a/core included",
        "/a/b/c a/b/c/d excluded",
        "cache/ cache included",
        "cache/ cache/ excluded",
        "cache/ a/cache/ excluded",
        "cache/ cache/x excluded",
        "/cache/ a/cache/ included",
        "/cache/ cache/x/y excluded",
        "a?c abc excluded",
        "a?c ac included",
        "/a?c a/c included",
        "/a[^b]c a/c included",
        "[a-c]x bx excluded",
        "[a-c]x dx included",
        "[!a-c]x dx excluded",
        "[^a-c]x ax included",
        "[]]x ]x excluded",
        "[!]]x ]x included",
        "[a-]x -x excluded",
        "[z-a]x zx excluded",
        "[z-a]x mx included",
        "[\\]]x ]x excluded",
        "[[:digit:]_]x 7x excluded",
        "[[:digit:]_]x _x excluded",
        "[[:digit:]_]x ax included",
        "[[:x]y :y excluded",
        "**/foo foo excluded",
        "**/foo a/b/foo excluded",
        "**/foo/bar a/foo/bar excluded",
        "**/foo/bar foo/x/bar included",
        "abc/** abc included",
        "abc/** abc/x excluded",
        "abc/** abc/x/y excluded",
        "a/**/b a/b excluded",
        "a/**/b a/x/y/b excluded",
        "a/**/b ab included",
        "a/**/b/**/c a/x/b/c excluded",
        "a/**/b/**/c a/c/b included",
        "a/x**y/b a/x1y/b excluded",
        "a/?x**y/b a/.x/y/b included",
        "/log**/old log1/x/old excluded",
        "ab**/\\/** ab/x excluded",
        "ab**/\\/** abc/x included",
        "ab**//x/y ab/x/y excluded",
        "ab**//x/y abc/x/y included",
        "/*/cache x/cache excluded",
        "/*/cache x/y/cache included",
        "*/x*y/z a/xqy/z excluded",
        "\\#x #x excluded",
        "\\!x !x excluded",
        "a\\*b a*b excluded",
        "a\\*b axb included",
        "a\\\\b a\\b excluded",
        "\"a\\ \" \"a \" excluded",
        "\"a  \" a excluded",
        "\"a  \" \"a  \" included",
        "!x x included",
      })
  void one_pattern_decides_as_git_does(String pattern, String path, String expected) {
    Filter filter = filter(pattern);

    Verdict verdict = decide(filter, path);

    assertThat(verdict.isExcluded()).isEqualTo(expected.equals("excluded"));
  }

  @Test
  void the_last_match_wins() {
    Filter filter = filter("*.log", "!keep.log", "/tmp/keep.log");

    assertThat(decide(filter, "x.log").isExcluded()).isTrue();
    assertThat(decide(filter, "keep.log").isExcluded()).isFalse();
    assertThat(decide(filter, "a/keep.log").isExcluded()).isFalse();
    assertThat(decide(filter, "tmp/keep.log").isExcluded()).isTrue();
  }

  @Test
  void nothing_below_an_excluded_directory_is_included_again() {
    Filter filter = filter("/cache/", "!/cache/keep", "!keep");

    Verdict verdict = decide(filter, "cache/deep/keep");

    assertThat(verdict).hasToString("excluded by /cache/ (driftless.toml:1)");
  }

  @Test
  void all_but_one_directory_can_be_excluded() {
    Filter filter = filter("/*", "!/srv", "/srv/*", "!/srv/www");

    assertThat(decide(filter, "etc/").isExcluded()).isTrue();
    assertThat(decide(filter, "srv/").isExcluded()).isFalse();
    assertThat(decide(filter, "srv/ftp").isExcluded()).isTrue();
    assertThat(decide(filter, "srv/www/index.html").isExcluded()).isFalse();
  }

  @Test
  void the_verdict_names_the_rule_that_decided() {
    Filter filter = filter("*.swp", "*.tmp", "!keep.tmp");

    assertThat(decide(filter, "a/x.tmp")).hasToString("excluded by *.tmp (driftless.toml:2)");
    assertThat(decide(filter, "keep.tmp")).hasToString("included by !keep.tmp (driftless.toml:3)");
    assertThat(decide(filter, "x")).isSameAs(Verdict.NO_RULE_MATCHED);
    assertThat(decide(filter, "x")).hasToString("included, no pattern matches");
  }

  @Test
  void directory_patterns_spare_links_and_other_kinds() {
    Filter filter = filter("cache/");

    for (Kind kind : Kind.values()) {
      boolean excluded = filter.in(TreePath.ROOT).excludes(Name.of("cache"), kind);

      assertThat(excluded).as("%s", kind).isEqualTo(kind == Kind.DIRECTORY);
    }
  }

  @Test
  void no_rules_include_everything_at_once() {
    assertThat(Filter.of(List.of())).isSameAs(Filter.NONE);
    assertThat(Filter.NONE.in(TreePath.of("a/b"))).isSameAs(DirectoryFilter.INCLUDES_ALL);
  }

  @Test
  @DisplayName("C4: names that are not UTF-8 are matched byte by byte")
  void names_that_are_not_utf8_are_matched_byte_by_byte() {
    Name broken = Name.of("a\u00ffb\u0080".getBytes(ISO_8859_1));

    assertThat(excludes("*", broken)).isTrue();
    assertThat(excludes("a*", broken)).isTrue();
    assertThat(excludes("a?b?", broken)).isTrue();
    assertThat(excludes("a??b?", broken)).isFalse();
    assertThat(excludes("a[!x]b[!y]", broken)).isTrue();
    assertThat(excludes("a\u00ffb*", broken)).isFalse();
    assertThat(excludes("/**/a?b?", broken)).isTrue();
  }

  @Test
  @DisplayName("C4: literals match their bytes, without normalisation")
  void literals_match_their_bytes() {
    assertThat(excludes("\u00fcber", Name.of("\u00fcber"))).isTrue();
    assertThat(excludes("\u00fcber", Name.of("u\u0308ber"))).isFalse();
    assertThat(excludes("?ber", Name.of("\u00fcber"))).isFalse();
    assertThat(excludes("??ber", Name.of("\u00fcber"))).isTrue();
    assertThat(excludes("*\uD83D\uDE00", Name.of("x\uD83D\uDE00"))).isTrue();
    assertThat(excludes("a\nb", Name.of("a\nb"))).isTrue();
  }

  @Test
  @Timeout(10)
  @DisplayName("B12: hostile patterns take bounded time on names")
  void hostile_patterns_take_bounded_time_on_names() {
    Name name = Name.of("a".repeat(255));
    for (String pattern :
        List.of("a*".repeat(120) + "b", "*a".repeat(127) + "*b", "?*".repeat(127) + "[!a]")) {
      assertThat(excludes(pattern, name)).as(pattern).isFalse();
    }
  }

  @Test
  @Timeout(10)
  @DisplayName("B12: hostile patterns take bounded time on deep paths")
  void hostile_patterns_take_bounded_time_on_deep_paths() {
    TreePath deep = TreePath.of("a" + "/a".repeat(1000));
    for (String pattern :
        List.of(
            "/" + "a/**/".repeat(500) + "b",
            "**/a*/".repeat(400) + "a*a*b",
            "*/".repeat(900) + "b",
            "*a*a*a/**/".repeat(300) + "*a*a*b")) {
      Filter filter = filter(pattern);

      assertThat(filter.decide(deep, Name.of("a"), Kind.REGULAR).isExcluded()).isFalse();
    }
  }

  @Test
  @Timeout(10)
  @DisplayName("B12: as many hostile rules as may come decide in bounded time")
  void as_many_hostile_rules_as_may_come_decide_in_bounded_time() {
    String pattern = "a*".repeat(30) + "b";
    Filter filter = filter(Collections.nCopies(Filter.MAX_RULES, pattern).toArray(String[]::new));

    Verdict verdict = filter.decide(TreePath.ROOT, Name.of("a".repeat(255)), Kind.REGULAR);

    assertThat(verdict.isExcluded()).isFalse();
  }

  @Test
  void rules_are_limited_in_number_and_size() {
    var rule = FilterRule.parse("x", Origin.COMMAND_LINE);
    var wide = FilterRule.parse("*".repeat(FilterRule.MAX_BYTES), Origin.COMMAND_LINE);
    int tooMany = Filter.MAX_BYTES / FilterRule.MAX_BYTES + 1;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Filter.of(Collections.nCopies(Filter.MAX_RULES + 1, rule)))
        .withMessageContaining("4097 filter rules exceed the limit of 4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Filter.of(Collections.nCopies(tooMany, wide)))
        .withMessageContaining("exceed the limit of 262144");
  }

  private static boolean excludes(String pattern, Name name) {
    return filter(pattern).decide(TreePath.ROOT, name, Kind.REGULAR).isExcluded();
  }

  /** The path of a directory ends with a slash. */
  private static Verdict decide(Filter filter, String path) {
    boolean directory = path.endsWith("/");
    TreePath entry = TreePath.of(directory ? path.substring(0, path.length() - 1) : path);
    Kind kind = directory ? Kind.DIRECTORY : Kind.REGULAR;
    return filter.decide(entry.parent(), entry.name(), kind);
  }

  private static Filter filter(String... patterns) {
    return Filter.of(
        IntStream.range(0, patterns.length)
            .mapToObj(i -> FilterRule.parse(patterns[i], new Origin("driftless.toml", i + 1)))
            .toList());
  }
}
