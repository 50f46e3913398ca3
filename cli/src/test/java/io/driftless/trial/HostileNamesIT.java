package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that a terminal would obey arrive as they are, and are shown escaped everywhere: B19. */
final class HostileNamesIT extends TwoTrees {
  /** New line, escape, C1 control, right-to-left override, bell and tab, what is not UTF-8. */
  private static final String MAKE =
      """
      for n in $'nl\\nx' $'esc\\e[31mred' $'c1\\x9bm' $'bidi\\xe2\\x80\\xaegnp.exe' $'bel\\a\\r\\t' $'\\xff\\xfe'; do
        printf content >"$n" || exit 1
        mkdir "dir-$n" && printf content >"dir-$n/in-$n" || exit 1
        mkdir "mount-$n" && mount -t tmpfs tmpfs "mount-$n" || exit 1
      done
      """;

  @Test
  void they_arrive_and_no_output_carries_them_raw() throws IOException {
    Needs.tools("bash", "mount", "umount", "diff");
    var shell = new Shell(source);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      shell.output("bash", "-c", "export LC_ALL=C.UTF-8;" + MAKE);

      List<Program.Run> runs =
          List.of(
              hosts.onSource("seed", "--json", "--progress=json"),
              hosts.onSource("seed"),
              hosts.onSource("problems"),
              hosts.onSource("problems", "--json"),
              hosts.onSource("status"),
              hosts.onSource("status", "--json"),
              hosts.onSource("history", TwoHosts.VOLUME),
              hosts.onSource("history", TwoHosts.VOLUME, "--json"),
              hosts.onTarget("status"),
              hosts.onTarget("status", "--json"));

      runs.forEach(HostileNamesIT::requireHarmless);
      assertThat(runs.get(1).err()).contains("esc\\x1b[31mred").contains("bidi\\u202egnp.exe");
      requireHarmless(hosts.sourceAgent().err());
      requireHarmless(hosts.targetAgent().err());
      unmount(shell);
      assertThat(new Shell(scratch).run("diff", "-r", "source", "target").output()).isEmpty();
    } finally {
      unmount(shell);
    }
  }

  private static void unmount(Shell shell) {
    shell.run("bash", "-c", "for m in mount-*; do umount \"$m\" 2>/dev/null; done; true");
  }

  private static void requireHarmless(Program.Run run) {
    requireHarmless(run.out());
    requireHarmless(run.err());
  }

  private static void requireHarmless(String shown) {
    assertThat(shown.replace("\n", ""))
        .as(shown)
        .doesNotContainPattern("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{202a}-\\x{202e}\\x{fffd}]");
  }
}
