package io.driftless.source.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WindowTest {
  @Test
  void a_full_window_gives_no_room_until_the_peer_gives_back() throws Exception {
    var window = new Window("entries", 10);

    assertThat(window.tryTake(7)).isTrue();
    assertThat(window.tryTake(4)).isFalse();
    window.reopen(1);

    assertThat(window.tryTake(4)).isTrue();
    assertThat(window.outstanding()).isEqualTo(10);
  }

  @Test
  void a_peer_that_gives_back_what_it_never_had_breaks_the_protocol() throws Exception {
    var window = new Window("bytes", 10);
    window.tryTake(3);

    assertThatThrownBy(() -> window.reopen(4))
        .isInstanceOf(ViolationException.class)
        .hasMessageContaining("4 bytes");
    assertThatThrownBy(() -> window.reopen(-1)).isInstanceOf(ViolationException.class);
    assertThat(window.outstanding()).isEqualTo(3);
  }

  @Test
  void what_can_never_fit_is_a_bug_of_the_caller() {
    var window = new Window("slices", 10);

    assertThatThrownBy(() -> window.tryTake(11)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takers_wait_and_never_exceed_the_window() throws Exception {
    var window = new Window("entries", 100);
    var takers = new Thread[4];
    for (int t = 0; t < takers.length; t++) {
      var random = new SplittableRandom(t);
      takers[t] =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 2000; i++) {
                  takeAndGiveBack(window, 1 + random.nextInt(100));
                }
              });
    }
    for (Thread taker : takers) {
      taker.join();
    }

    assertThat(window.outstanding()).isZero();
  }

  private static void takeAndGiveBack(Window window, int count) {
    try {
      window.take(count);
      window.giveBack(count);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
