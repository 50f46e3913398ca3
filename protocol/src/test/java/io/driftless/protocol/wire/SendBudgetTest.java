package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class SendBudgetTest {
  private final SendBudget budget = new SendBudget(100, () -> 0, () -> Long.MAX_VALUE);

  private final SendBudget.Share share = new SendBudget.Share();

  @Test
  void more_than_there_is_passes_when_nothing_is_taken() throws InterruptedException {
    assertThat(budget.take(share, 500, () -> false)).isTrue();
    assertThat(budget.takenBytes()).isEqualTo(500);
  }

  @Test
  void who_finds_too_little_waits_for_what_is_given_back() throws Exception {
    budget.take(share, 80, () -> false);
    CompletableFuture<Boolean> second = taking(30, new AtomicBoolean());
    budget.giveBack(share, 80);
    assertThat(second.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(budget.takenBytes()).isEqualTo(30);
  }

  @Test
  void small_ones_do_not_pass_a_large_one_that_waits() throws Exception {
    budget.take(share, 50, () -> false);
    CompletableFuture<Boolean> large = taking(90, new AtomicBoolean());
    while (budget.waiting() == 0) {
      Thread.onSpinWait();
    }
    CompletableFuture<Boolean> small = taking(10, new AtomicBoolean());
    budget.giveBack(share, 50);
    assertThat(large.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(small.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(budget.takenBytes()).isEqualTo(100);
  }

  @Test
  void who_gives_up_takes_nothing() throws Exception {
    budget.take(share, 80, () -> false);
    var givenUp = new AtomicBoolean();
    CompletableFuture<Boolean> second = taking(30, givenUp);
    givenUp.set(true);
    budget.wake();
    assertThat(second.get(5, TimeUnit.SECONDS)).isFalse();
    assertThat(budget.takenBytes()).isEqualTo(80);
  }

  @Test
  void those_who_wait_are_served_by_their_weights() throws Exception {
    var light = new SendBudget.Share();
    var heavy = new SendBudget.Share();
    budget.weigh(heavy, 3);
    assertThat(budget.take(light, 100, () -> false)).isTrue();
    assertThat(budget.take(heavy, 100, () -> false)).isTrue(); // nothing of it waits yet
    var served = new LinkedBlockingQueue<SendBudget.Share>();
    for (int i = 0; i < 12; i++) {
      queue(light, served, 2 * i + 1);
      queue(heavy, served, 2 * i + 2);
    }
    budget.giveBack(light, 100);
    budget.giveBack(heavy, 100);
    int heavyOnes = 0;
    for (int i = 0; i < 12; i++) {
      SendBudget.Share next = served.poll(5, TimeUnit.SECONDS);
      heavyOnes += next == heavy ? 1 : 0;
      budget.giveBack(next, 100);
    }
    assertThat(heavyOnes).isBetween(8, 10);
    for (int i = 12; i < 24; i++) {
      budget.giveBack(served.poll(5, TimeUnit.SECONDS), 100);
    }
  }

  private void queue(SendBudget.Share of, Queue<SendBudget.Share> served, int expected)
      throws InterruptedException {
    Thread.ofVirtual()
        .start(() -> {
          try {
            if (budget.take(of, 100, () -> false)) {
              served.add(of);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    while (budget.waiting() < expected) {
      Thread.sleep(1);
    }
  }

  private CompletableFuture<Boolean> taking(int bytes, AtomicBoolean givenUp) {
    var result = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(budget.take(share, bytes, givenUp::get));
          } catch (InterruptedException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
