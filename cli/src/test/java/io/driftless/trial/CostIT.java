package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a seed costs for each file, in units that don't depend on how fast or how busy the host is.
 *
 * <p>The limits are what was measured, and a tenth more. Whoever has to raise one says why; whoever
 * makes something cheaper lowers it.
 */
@DisplayName("what a file costs")
final class CostIT extends TwoTrees {
  private static final long SEED = 6;
  private static final int DIRECTORIES = 20;
  private static final int FILES = 2000;
  private static final int FEW = 500;
  private static final int MANY = 6000;
  private static final Pattern USED = Pattern.compile("committed, (\\d+)K .*used\\s*$");

  /** System calls on files, but for reading and writing. */
  private static final double SOURCE_CALLS_MAX = 6.9;

  /**
   * Of those that change something. How many entries are placed by a call of their own depends on
   * when an epoch ends, and what the target looks at again on when the seed ends.
   */
  private static final double TARGET_CHANGES_MAX = 1.15;

  private static final Set<String> CHANGES =
      Set.of(
          "utimensat",
          "fchown",
          "fchownat",
          "fchmod",
          "fchmodat",
          "mkdirat",
          "linkat",
          "unlinkat",
          "ftruncate",
          "fallocate",
          "fsetxattr",
          "fremovexattr");

  /** Of both agents together, and of all of their threads. */
  private static final double HEAP_BYTES_MAX = 3000;

  private static void fill(Path root, int files) throws IOException {
    var random = new SplittableRandom(SEED);
    for (int directory = 0; directory < DIRECTORIES; directory++) {
      Path made = Files.createDirectory(root.resolve("d" + directory));
      for (int i = 0; i < files / DIRECTORIES; i++) {
        byte[] content = new byte[random.nextInt(4000)];
        random.nextBytes(content);
        Files.write(made.resolve("file" + i), content);
      }
    }
  }

  @Test
  @DisplayName("system calls of both agents")
  void system_calls() throws Exception {
    fill(source, FILES);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target);
        CallCounter there = CallCounter.attach(hosts.sourceAgent().pid(), scratch);
        CallCounter here = CallCounter.attach(hosts.targetAgent().pid(), scratch)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      requireAtMost(SOURCE_CALLS_MAX, there.end());
      Map<String, Long> onTarget = here.end();
      onTarget.keySet().retainAll(CHANGES);
      requireAtMost(TARGET_CHANGES_MAX, onTarget);
    }
  }

  private static void requireAtMost(double most, Map<String, Long> calls) {
    double sum = calls.values().stream().mapToLong(Long::longValue).sum();
    assertThat(sum / FILES).as("calls for a file: %s", calls).isLessThan(most);
  }

  @Test
  @DisplayName("bytes on the heaps of both agents")
  void heap() throws IOException {
    fill(source, FEW);
    long few = allocated();
    fill(Files.createDirectory(source.resolve("more")), MANY);

    double each = (double) (allocated() - few) / MANY;

    assertThat(each).as("bytes for a file").isLessThan(HEAP_BYTES_MAX);
  }

  /** What both agents have allocated to copy the source: this collector never frees anything. */
  private long allocated() throws IOException {
    Path log = scratch.resolve("gc.log");
    new Shell(target).output("find", ".", "-mindepth", "1", "-delete");
    String options =
        String.join(
            " ",
            "-XX:+UnlockExperimentalVMOptions -XX:+UseEpsilonGC -Xms512m -Xmx512m",
            "-XX:EpsilonMaxTLABSize=16k", // what threads have in reserve counts as used
            "-XX:TieredStopAtLevel=1", // and doesn't depend on what is compiled by when
            "-Xlog:gc:file=" + log);
    Program.withJavaOptions(scratch, options)
        .run("copy", source.toString(), target.toString())
        .expect(0);
    Matcher used = USED.matcher(Files.readString(log));
    assertThat(used.find()).as(Files.readString(log)).isTrue();
    return Long.parseLong(used.group(1)) << 10;
  }
}
