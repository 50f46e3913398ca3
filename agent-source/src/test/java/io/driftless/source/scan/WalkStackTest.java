package io.driftless.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.WalkStack.Task;
import io.driftless.source.send.Branch;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WalkStackTest {
  private final WalkStack stack = new WalkStack(() -> {});
  private final Branch branch = new Branch(null);

  @Test
  void what_lies_deeper_is_walked_before_its_siblings() throws Exception {
    stack.push(branch, TreePath.ROOT, List.of(Name.of("a"), Name.of("b")));

    assertThat(next()).isEqualTo("a");
    stack.push(branch, TreePath.of("a"), List.of(Name.of("x"), Name.of("y")));

    assertThat(next()).isEqualTo("a/x");
    assertThat(next()).isEqualTo("a/y");
    assertThat(next()).isEqualTo("b");
  }

  @Test
  void it_is_idle_only_when_nobody_works_any_more() throws Exception {
    stack.push(branch, TreePath.ROOT, List.of(Name.of("a")));
    next();
    var idle = Thread.ofPlatform().daemon().start(this::awaitIdle);

    assertThat(idle.isAlive()).isTrue();
    stack.push(branch, TreePath.of("a"), List.of(Name.of("x")));
    stack.finished();
    next();
    assertThat(idle.isAlive()).isTrue();
    stack.finished();
    idle.join();
  }

  @Test
  void a_push_is_noticed_by_who_looked_before() throws Exception {
    long before = stack.awaitIdle();
    assertThat(stack.isUntouchedSince(before)).isTrue();

    stack.push(branch, TreePath.ROOT, List.of(Name.of("a")));

    assertThat(stack.isUntouchedSince(before)).isFalse();
  }

  @Test
  void a_closed_stack_gives_nothing_out() throws Exception {
    stack.push(branch, TreePath.ROOT, List.of(Name.of("a")));

    stack.close();

    assertThat(stack.take()).isNull();
  }

  private void awaitIdle() {
    try {
      stack.awaitIdle();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String next() throws InterruptedException {
    Task task = stack.take();
    assertThat(task).isInstanceOf(Task.OneDirectory.class);
    return task instanceof Task.OneDirectory one ? one.path().toString() : "";
  }
}
