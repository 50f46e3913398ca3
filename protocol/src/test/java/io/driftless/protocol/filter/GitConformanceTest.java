package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random patterns over random trees: our verdict must be git's, down to the line that decides. */
final class GitConformanceTest {
  private static final int ROUNDS = Integer.getInteger("driftless.filter.rounds", 12);
  private static final int RULES = 6;
  private static final int PATHS = 200;

  private static final List<String> NAME_PIECES = List.of("a", "b", "ab", ".", "x1", "-", "]", "ä");
  private static final List<String> PATTERN_PIECES =
      List.of(
          "a",
          "b",
          "ab",
          ".",
          "x1",
          "ä",
          "*",
          "*",
          "**",
          "?",
          "/",
          "/",
          "/",
          "**/",
          "/**",
          "/**/",
          "[ab]",
          "[!a]",
          "[^b-x]",
          "[]a]",
          "[a-]",
          "[[:alpha:]]",
          "[![:digit:]b]",
          "[a/]",
          "[b",
          "[--b]",
          "[b-a]",
          "[[:a]",
          "\\a",
          "\\*",
          "\\/",
          "\\[",
          "\\",
          "***",
          "!",
          "#",
          " ",
          "\\ ");

  @TempDir Path scratch;

  @Test
  void random_patterns_decide_about_random_trees_as_git_does() throws Exception {
    assumeTrue(GitIgnore.isInstalled(), "no git on this machine to compare with");
    long seed = Long.getLong("driftless.filter.seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    GitIgnore git = GitIgnore.in(tree);
    int decided = 0;
    for (int round = 0; round < ROUNDS; round++) {
      decided += compare(git, tree, random, "seed %d round %d".formatted(seed, round));
    }
    assertThat(decided).as("paths that some pattern matched, seed %d", seed).isGreaterThan(ROUNDS);
  }

  private static int compare(GitIgnore git, Path tree, SplittableRandom random, String occasion)
      throws IOException, InterruptedException {
    var rules = new ArrayList<FilterRule>();
    var written = new ArrayList<String>();
    while (written.size() < RULES) {
      String pattern = randomPattern(random);
      if (parsed(pattern, written.size() + 1, rules)) {
        written.add(pattern);
      }
    }
    Map<TreePath, Kind> entries = randomTree(tree, random);
    List<TreePath> paths = List.copyOf(entries.keySet());

    List<Integer> expected = git.decidingLines(written, paths);

    Filter filter = Filter.of(rules);
    assertThat(expected).hasSameSizeAs(paths);
    for (int i = 0; i < paths.size(); i++) {
      TreePath path = paths.get(i);
      Kind kind = entries.getOrDefault(path, Kind.REGULAR);
      FilterRule rule = filter.decide(path.parent(), path.name(), kind).rule();
      assertThat(rule == null ? 0 : rule.origin().line())
          .as("%s: line of %s that decides about %s %s", occasion, written, kind, path)
          .isEqualTo(expected.get(i));
    }
    return paths.size() - Collections.frequency(expected, 0);
  }

  /**
   * Adds the rule; tells whether git should see the pattern. What we refuse stays in git's file,
   * where it must not match anything either, but for characters of several bytes in a class.
   */
  private static boolean parsed(String pattern, int line, List<FilterRule> rules) {
    String trimmed = pattern.startsWith("!") ? pattern.substring(1) : pattern;
    if (pattern.startsWith("#") || trimmed.isBlank()) {
      return true;
    }
    try {
      rules.add(FilterRule.parse(pattern, new Origin("exclude", line)));
      return true;
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith("pattern ");
      return !String.valueOf(refused.getMessage()).contains("a class matches one byte");
    }
  }

  private static String randomPattern(SplittableRandom random) {
    var pattern = new StringBuilder(random.nextInt(5) == 0 ? "!" : "");
    int pieces = random.nextInt(1, 7);
    for (int i = 0; i < pieces; i++) {
      pattern.append(oneOf(PATTERN_PIECES, random));
    }
    return pattern
        .toString()
        .replaceAll("//+", "/"); // git lets /x**//y match, which makes no sense
  }

  /** Some paths with all directories above them; only the directories are made. */
  private static Map<TreePath, Kind> randomTree(Path tree, SplittableRandom random)
      throws IOException {
    var entries = new LinkedHashMap<TreePath, Kind>();
    while (entries.size() < PATHS) {
      TreePath path = TreePath.ROOT;
      int depth = random.nextInt(1, 5);
      for (int i = 0; i < depth; i++) {
        if (!path.isRoot()) {
          entries.put(path, Kind.DIRECTORY);
        }
        path = path.resolve(randomName(random));
      }
      entries.putIfAbsent(path, Kind.REGULAR);
    }
    return madeIn(tree, entries);
  }

  private static Map<TreePath, Kind> madeIn(Path tree, Map<TreePath, Kind> entries)
      throws IOException {
    var usable = new LinkedHashMap<TreePath, Kind>();
    for (var entry : entries.entrySet()) {
      String path = new String(entry.getKey().toBytes(), UTF_8);
      boolean ascii = path.chars().allMatch(c -> c < 0x80);
      if (entry.getValue() == Kind.DIRECTORY && ascii) {
        Files.createDirectories(tree.resolve(path));
      }
      // From earlier rounds a directory may be there, which git then sees.
      boolean directory = ascii && Files.isDirectory(tree.resolve(path));
      usable.put(entry.getKey(), directory ? Kind.DIRECTORY : Kind.REGULAR);
    }
    return usable;
  }

  private static Name randomName(SplittableRandom random) {
    if (random.nextInt(20) == 0) {
      return Name.of(new byte[] {'a', (byte) 0xFF, (byte) random.nextInt(0x80, 0x100)});
    }
    var name = new StringBuilder(oneOf(NAME_PIECES, random));
    while (name.toString().matches("\\.+") || random.nextInt(3) == 0) {
      name.append(oneOf(NAME_PIECES, random)).append('a');
    }
    return Name.of(name.toString());
  }

  private static String oneOf(List<String> pieces, SplittableRandom random) {
    return pieces.get(random.nextInt(pieces.size()));
  }
}
