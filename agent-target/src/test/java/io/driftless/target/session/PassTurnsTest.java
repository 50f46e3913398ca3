package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class PassTurnsTest {
  private final PassTurns turns = new PassTurns(2);

  /** One that waits in a thread of its own. */
  private final class Waiter {
    final List<Integer> places = new CopyOnWriteArrayList<>();
    final AtomicBoolean givesUp = new AtomicBoolean();
    final CompletableFuture<Boolean> turn = new CompletableFuture<>();

    Waiter() {
      Thread.ofVirtual()
          .start(() -> {
            try {
              turn.complete(turns.await(places::add, givesUp::get));
            } catch (InterruptedException e) {
              turn.completeExceptionally(e);
            }
          });
    }

    boolean get() throws Exception {
      return turn.get(10, TimeUnit.SECONDS);
    }
  }

  private Waiter inLine(int place) {
    var waiter = new Waiter();
    await().until(() -> waiter.places.contains(place));
    return waiter;
  }

  @Test
  void those_who_come_later_wait_in_line_and_are_told_their_places() throws Exception {
    assertThat(new Waiter().get()).isTrue();
    assertThat(new Waiter().get()).isTrue();
    Waiter third = inLine(1);
    Waiter fourth = inLine(2);
    assertThat(third.turn).isNotDone();
    turns.done();
    assertThat(third.get()).isTrue();
    await().until(() -> fourth.places.equals(List.of(2, 1)));
    turns.done();
    assertThat(fourth.get()).isTrue();
  }

  @Test
  void who_gives_up_leaves_the_line() throws Exception {
    new Waiter().get();
    new Waiter().get();
    Waiter third = inLine(1);
    Waiter fourth = inLine(2);
    third.givesUp.set(true);
    turns.wake();
    assertThat(third.get()).isFalse();
    await().until(() -> fourth.places.equals(List.of(2, 1)));
    turns.done();
    assertThat(fourth.get()).isTrue();
  }

  @Test
  void more_may_run_from_now_on() throws Exception {
    var waiters = new ArrayList<Waiter>();
    for (int i = 0; i < 2; i++) {
      new Waiter().get();
    }
    for (int i = 1; i <= 3; i++) {
      waiters.add(inLine(i));
    }
    turns.limitTo(5);
    for (Waiter waiter : waiters) {
      assertThat(waiter.get()).isTrue();
    }
  }
}
