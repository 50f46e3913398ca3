package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class WorkersTest {
  private final AtomicInteger idle = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);

  private void hold() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("what may take long leaves a worker for the rest")
  void one_worker_stays_free_of_side_tasks() throws Exception {
    var workers = new Workers("test", 2, idle::incrementAndGet);
    workers.start();
    var sideTasks = new CountDownLatch(2);
    var begun = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      workers.executeBeside(() -> {
        begun.incrementAndGet();
        hold();
        sideTasks.countDown();
      });
    }
    var done = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      workers.execute(done::countDown);
    }

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(begun).hasValueLessThanOrEqualTo(1);
    release.countDown();
    assertThat(sideTasks.await(10, TimeUnit.SECONDS)).isTrue();
    workers.end();
  }

  @Test
  void a_single_worker_does_everything() throws Exception {
    var workers = new Workers("test", 1, idle::incrementAndGet);
    workers.start();
    var done = new CountDownLatch(20);
    for (int i = 0; i < 10; i++) {
      workers.executeBeside(done::countDown);
      workers.execute(done::countDown);
    }

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    workers.end();
    assertThat(idle.get()).isPositive();
  }

  @Test
  @DisplayName("what is left at the end is run, to let go of what it holds")
  void nothing_is_dropped_at_the_end() throws Exception {
    var workers = new Workers("test", 2, idle::incrementAndGet);
    workers.start();
    var run = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      workers.executeBeside(() -> {
        hold(); // until it is interrupted
        run.incrementAndGet();
      });
    }
    workers.end();

    assertThat(run).hasValue(10);
    assertThat(workers.executeBeside(run::incrementAndGet)).isFalse();
  }
}
