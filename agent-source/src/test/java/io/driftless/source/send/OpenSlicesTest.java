package io.driftless.source.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.report.Tally;
import org.junit.jupiter.api.Test;

final class OpenSlicesTest {
  private static final int LEFT_MAX = 64 * 1024;

  private final OpenSlices slices =
      new OpenSlices(new Windows(16, 16, 1024, 16), new Tally(), _ -> {});
  private final Branch root = new Branch(null);

  private OpenSlice leave(Branch branch, String directory) throws InterruptedException {
    slices.reserve(1);
    OpenSlice slice = slices.openForOffer(branch, TreePath.of(directory), Scope.ALL, 1);
    slices.decided(new Verdict(slice.number(), Finding.LATER));
    return slice;
  }

  @Test
  void a_directory_is_left_for_later_with_any_number_below_it() throws Exception {
    var tree = new Branch(root);
    OpenSlice top = leave(tree, "tree");
    OpenSlice below = leave(new Branch(tree), "tree/0");
    for (int i = 1; i <= LEFT_MAX; i++) {
      leave(new Branch(tree), "tree/" + i);
    }

    assertThat(slices.revisited(new Verdict(top.number(), Finding.DIFFERS))).isSameAs(top);
    assertThat(slices.isKnown(TreePath.of("tree/1"))).isTrue();
    assertThatThrownBy(() -> slices.revisited(new Verdict(below.number(), Finding.DIFFERS)))
        .isInstanceOf(ViolationException.class);
  }

  @Test
  void a_target_that_leaves_too_many_breaks_the_protocol() throws Exception {
    for (int i = 0; i < LEFT_MAX; i++) {
      leave(new Branch(root), "tree-" + i);
    }
    assertThatThrownBy(() -> leave(new Branch(root), "one more"))
        .isInstanceOf(ViolationException.class)
        .hasMessageContaining("65536");
  }
}
