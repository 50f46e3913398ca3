package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
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

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr");
    new Shell(source)
        .output(
            "bash",
            "-ec",
            "for f in appended edited mode removed turned linked steady; do echo $f >$f; done;"
                + " mkdir directory; echo x >directory/inside; head -c 2M /dev/urandom >large");
  }

  private List<String> lines(Program.Run run) {
    return run.out().lines().map(String::strip).toList();
  }

  @Test
  @DisplayName("C72: what somebody else wrote to the target is told, and then mended, all of it")
  void what_somebody_else_wrote_is_told_and_mended() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      new Shell(target).output("bash", "-ec", WRITES);
      Files.writeString(source.resolve("steady"), "changed on the source");

      requireTold(lines(hosts.onSource("verify", TwoHosts.VOLUME, "--content").expect(1)));
      assertThat(hosts.onSource("explain", TwoHosts.VOLUME, "mode").expect(1).out())
          .contains(CHANGED);
      requireTouched(lines(hosts.onSource("sync", TwoHosts.VOLUME, "-n", "--content").expect(0)));
      assertThat(target.resolve("theirs/precious")).hasContent("X");

      requireTouched(lines(hosts.onSource("sync", TwoHosts.VOLUME, "-i", "--content").expect(0)));

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

  private static void requireTouched(List<String> lines) {
    assertThat(lines)
        .anyMatch(line -> line.matches("update file +appended  \\(.*size.*\\)"))
        .anyMatch(line -> line.matches("update file +edited  \\(content\\)"))
        .anyMatch(line -> line.matches("update file +large  \\(content\\)"))
        .anyMatch(line -> line.matches("update file +mode  \\(mode\\)"))
        .anyMatch(line -> line.matches("create file +removed  .*"))
        .anyMatch(line -> line.matches("delete file +theirs/precious  .*"))
        .anyMatch(line -> line.matches("delete directory +theirs  .*"));
  }
}
