package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A target that somebody else writes to between passes. */
final class OtherWriterIT extends TwoTrees {
  private static final String CHANGED = "changed on the target since the last pass";

  /** What everybody can see, and what nobody can who looks at size and time alone. */
  private static final String WRITES =
      """
      printf B >appended.tmp; cat appended.tmp >>appended; rm appended.tmp
      touch -r edited ../ref; printf X | dd of=edited conv=notrunc status=none; touch -r ../ref edited
      touch -r large ../ref; printf X | dd of=large bs=1 seek=1500000 conv=notrunc status=none
      touch -r ../ref large
      chmod 0600 mode; rm removed; rm -r directory; printf X >directory
      rm turned; mkdir turned; printf X >turned/inside
      mkdir theirs; printf X >theirs/precious; ln linked theirs/name
      """;

  private static final String WRITES_AT_THE_SOURCE =
      """
      echo changed on the source >steady
      touch -r hidden ../ref; printf X | dd of=hidden conv=notrunc status=none; touch -r ../ref hidden
      """;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr");
    new Shell(source)
        .output(
            "bash",
            "-ec",
            "for f in appended edited mode removed turned linked steady hidden; do echo $f >$f; done;"
                + " mkdir directory; echo x >directory/inside; head -c 2M /dev/urandom >large");
  }

  private static List<String> lines(Program.Run run) {
    return run.out().lines().map(String::strip).toList();
  }

  private static List<String> changes(Program.Run run) {
    return lines(run).stream().filter(line -> line.matches("(create|update|delete) .*")).toList();
  }

  @Test
  @DisplayName("C72: what somebody else wrote to the target is told, and then mended, all of it")
  void what_somebody_else_wrote_is_told_and_mended() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      new Shell(target).output("bash", "-ec", WRITES);
      new Shell(source).output("bash", "-ec", WRITES_AT_THE_SOURCE);

      requireTold(lines(hosts.onSource("verify", TwoHosts.VOLUME, "--content").expect(1)));
      assertThat(hosts.onSource("explain", TwoHosts.VOLUME, "mode").expect(1).out())
          .contains(CHANGED);
      List<String> dry = changes(hosts.onSource("sync", TwoHosts.VOLUME, "-n").expect(0));
      requireTouched(dry);
      assertThat(target.resolve("theirs/precious")).hasContent("X");

      List<String> done = changes(hosts.onSource("sync", TwoHosts.VOLUME, "-i").expect(0));

      requireTouched(done);
      requireHiddenTouched(done);
      Judge.assertAlike(source, target);
      assertThat(hosts.onSource("history", TwoHosts.VOLUME, "4", "--deletes").expect(0).out())
          .contains("  theirs/precious  (file)\n", "  turned/inside  (file)\n");
      hosts.onSource("verify", TwoHosts.VOLUME, "--content").expect(0);
    }
  }

  private static void requireTold(List<String> lines) {
    for (String name :
        List.of(
            "appended", "edited", "large", "mode", "removed", "directory", "turned", "theirs")) {
      assertThat(lines)
          .as(name)
          .anyMatch(line -> line.matches("\\S+ +" + name + "  .*") && line.endsWith(CHANGED));
    }
    assertThat(lines)
        .filteredOn(line -> line.matches("\\S+ +steady  .*"))
        .isNotEmpty()
        .noneMatch(line -> line.endsWith(CHANGED));
  }

  /** What a dry run can't know: it uses no records of earlier passes. */
  private static void requireHiddenTouched(List<String> lines) {
    for (String name : List.of("edited", "large", "hidden")) {
      assertThat(lines)
          .as(name)
          .anyMatch(line -> line.matches("update file +" + name + "  \\(content\\)"));
    }
  }

  private static void requireTouched(List<String> lines) {
    assertThat(lines)
        .anyMatch(line -> line.matches("update file +appended  \\(.*size.*\\)"))
        .anyMatch(line -> line.matches("update file +mode  \\(mode\\)"))
        .anyMatch(line -> line.matches("create file +removed  .*"))
        .anyMatch(line -> line.matches("delete file +theirs/precious  .*"))
        .anyMatch(line -> line.matches("delete directory +theirs  .*"));
  }
}
