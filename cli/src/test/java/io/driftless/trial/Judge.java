package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Says whether two trees are equal by programs that know nothing of Driftless: rsync, getfacl,
 * getfattr, lsattr, find and stat.
 */
final class Judge {
  private Judge() {}

  /** Fails with what differs, unless everything is equal. */
  static void assertEqual(Path source, Path target, String... rsyncOptions) {
    assertSameOutput("find", source, target, FIND);
    assertSameOutput(
        "getfacl",
        source,
        target,
        "find . -mindepth 1 ! -type l -print0 | sort -z | xargs -0r getfacl -n -P -p --");
    assertSameOutput(
        "getfattr",
        source,
        target,
        "find . -mindepth 1 -print0 | sort -z | xargs -0r getfattr -h -d -m - -e hex --");
    assertSameOutput(
        "lsattr",
        source,
        target,
        "find . -mindepth 1 \\( -type d -o -type f \\) -print0 | sort -z | xargs -0r lsattr -d -- 2>/dev/null | sed 's/^\\(\\S*\\)/\\1/; s/[eIEVhNZt]/-/g; '");
    assertSameLinks(source, target);
    assertRsyncFindsNothing(source, target, rsyncOptions);
  }

  /**
   * As {@link #assertEqual} with a fifth of the processes, for many small trees: lists of rights
   * and extended attributes are rsync's alone to compare.
   */
  static void assertAlike(Path source, Path target) {
    String flags =
        "find . -mindepth 1 \\( -type d -o -type f \\) -print0 | sort -z | xargs -0r lsattr -d -- 2>/dev/null | sed 's/^\\(\\S*\\)/\\1/; s/[eIEVhNZt]/-/g; '";
    assertSameOutput("find, lsattr", source, target, FIND + " && " + flags);
    assertSameLinks(source, target);
    assertRsyncFindsNothing(source, target);
  }

  private static final String FIND =
      "find . -mindepth 1 \\( -type f -printf '%P %y %m %U %G %T@ %n %s\\0' -o -type l -printf '%P %y %U %G %T@ %l\\0'"
          + " -o -type d -printf '%P %y %m %U %G %T@\\0' -o -printf '%P %y %m %U %G %T@ %n\\0' \\) | sort -z | tr '\\0' '\\n'";

  private static void assertSameOutput(String what, Path source, Path target, String script) {
    CompletableFuture<String> there = listing(source, script);
    String here = new Shell(target).output("bash", "-c", script);
    if (here.equals(there.join())) {
      return;
    }
    List<String> expected = there.join().lines().toList();
    List<String> found = here.lines().toList();
    assertThat(without(found, expected))
        .as(what + ", missing on the target: " + without(expected, found))
        .isEmpty();
    assertThat(found).as(what).isEqualTo(expected);
  }

  /** Of one tree, while the other is looked at. */
  private static CompletableFuture<String> listing(Path root, String script) {
    return CompletableFuture.supplyAsync(() -> new Shell(root).output("bash", "-c", script));
  }

  private static List<String> without(List<String> lines, List<String> others) {
    var known = Set.copyOf(others);
    return lines.stream().filter(line -> !known.contains(line)).toList();
  }

  /** Names of one inode on the source are names of one inode on the target, and no others. */
  private static void assertSameLinks(Path source, Path target) {
    String script = "find . -type f -links +1 -printf '%i %P\\0' | sort -z -k2 | tr '\\0' '\\n'";
    CompletableFuture<String> there = listing(source, script);
    assertThat(groups(new Shell(target).output("bash", "-c", script)))
        .as("link groups")
        .isEqualTo(groups(there.join()));
  }

  private static Set<List<String>> groups(String listing) {
    var byInode = new java.util.HashMap<String, List<String>>();
    listing
        .lines()
        .forEach(line -> {
          int space = line.indexOf(' ');
          byInode
              .computeIfAbsent(
                  line.substring(0, Math.max(space, 0)), _ -> new java.util.ArrayList<>())
              .add(line.substring(space + 1));
        });
    return Set.copyOf(byInode.values());
  }

  private static void assertRsyncFindsNothing(Path source, Path target, String... options) {
    var command = new java.util.ArrayList<String>();
    command.addAll(
        List.of(
            "rsync",
            "-aHAXSn",
            "--numeric-ids",
            "--modify-window=-1",
            "--checksum",
            "--itemize-changes",
            "--delete"));
    command.addAll(List.of(options));
    command.add(source + "/");
    command.add(target + "/");
    assertThat(new Shell(source).output(command.toArray(String[]::new))).as("rsync").isEmpty();
  }
}
