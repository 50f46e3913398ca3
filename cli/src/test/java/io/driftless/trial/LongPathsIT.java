package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Paths that no other program takes in one call arrive: C1, C2 and C3. The judge is ours, because
 * the usual ones can't get there either.
 */
final class LongPathsIT extends TwoTrees {
  /** Makes, below the current directory, what is long in one way or another. */
  private static final String MAKE =
      """
      sub deep { my ($name, $times) = @_;
        for my $i (1..$times) { my $n = sprintf($name, $i); mkdir $n or die "$n: $!"; chdir $n or die } }
      sub leaf { open my $f, '>', $_[0] or die "$_[0]: $!"; print $f $_[1]; close $f }
      my $root = shift;
      chdir $root or die; deep('d%d', 80); leaf('leaf', 'deep');
      chdir $root or die; deep('n%d' . 'x' x 173, 3); leaf('leaf', 'long');
      chdir $root or die; leaf('m' x 255, 'widest');
      chdir $root or die; deep('%03d' . 'y' x 252, 20); leaf('z' x 255, 'far');
      symlink 'x' x 200, 'link' or die; link 'z' x 255, 'hard' or die; mkdir 'empty' or die;
      """;

  /** Changes the far end. */
  private static final String CHANGE =
      """
      my $root = shift;
      chdir $root or die; for my $i (1..20) { chdir sprintf('%03d' . 'y' x 252, $i) or die }
      open my $f, '>>', 'z' x 255 or die; print $f ' and changed'; close $f;
      """;

  /** Says what is there, a line for each entry, by going down one name at a time. */
  private static final String TELL =
      """
      sub walk { my ($depth) = @_;
        opendir(my $d, '.') or die; my @names = sort grep { !/^\\.\\.?$|^\\.driftless$/ } readdir $d;
        for my $n (@names) {
          my @s = lstat $n; my $what = '';
          if (-l _) { $what = readlink $n }
          elsif (-f _) { open my $f, '<', $n or die; local $/; $what = <$f> }
          my $dir = -d _;
          print join('|', $depth, $n, @s[2, 3, 4, 5], $s[9], $what), "\\n";
          if ($dir) { chdir $n or die; walk($depth + 1); chdir '..' or die } } }
      chdir shift or die; walk(0);
      """;

  @Test
  void deep_wide_and_long_paths_arrive_and_change() throws IOException {
    Needs.tools("perl");
    var shell = new Shell(scratch);
    shell.output("perl", "-e", MAKE, source.toString());
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      requireEqual(shell);

      shell.output("perl", "-e", CHANGE, source.toString());
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      requireEqual(shell);
      assertThat(shell.output("perl", "-e", TELL, target.toString())).contains("far and changed");
    } finally {
      shell.output("rm", "-rf", source.toString(), target.toString());
    }
  }

  private void requireEqual(Shell shell) {
    assertThat(shell.output("perl", "-e", TELL, target.toString()))
        .hasLineCount(110)
        .isEqualTo(shell.output("perl", "-e", TELL, source.toString()));
  }
}
