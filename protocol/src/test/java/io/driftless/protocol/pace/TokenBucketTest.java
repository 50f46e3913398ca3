package io.driftless.protocol.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenBucketTest {
  private static final int MEBIBYTE = 1 << 20;

  private final SimulatedTime time = new SimulatedTime();
  private final TokenBucket bucket = new TokenBucket(time);

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  /** Takes as a reader does. */
  private void takeAll(long bytes, int atOnce) throws InterruptedException {
    takeAll(bucket, bytes, atOnce);
  }

  private static void takeAll(Pace pace, long bytes, int atOnce) throws InterruptedException {
    long left = bytes;
    while (left > 0) {
      left -= pace.take((int) Math.min(atOnce, left));
    }
  }

  @Test
  void without_a_limit_everything_flows_at_once() throws Exception {
    assertThat(bucket.take(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(time.nanos()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, 4096", // bytes a second, bytes, at once
    "1000, 30000, 1048576",
    "10485760, 104857600, 1048576",
    "10485760, 104857600, 100",
    "125000000000, 1250000000000, 1073741824",
    "9223372036854775806, 9000000000000, 2147483647"
  })
  void so_much_flows_in_so_much_time(long rate, long bytes, int atOnce) throws Exception {
    bucket.limitTo(rate);
    time.pass(seconds(5));

    long from = time.nanos();
    takeAll(bytes, atOnce);

    double expected = (double) bytes / rate;
    assertThat((time.nanos() - from) / 1e9)
        .isCloseTo(expected, within(0.03 + 4096.0 / rate * (rate > 4096 ? 1 : 2)));
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "20, 100", "2000, 10000", "1000000, 5000000"})
  void what_is_counted_one_by_one_flows_one_by_one(long rate, long count) throws Exception {
    var entries = new TokenBucket(time, 1);
    entries.limitTo(rate);
    time.pass(seconds(5));

    long from = time.nanos();
    long left = count;
    while (left > 0) {
      left -= entries.take((int) Math.min(64, left));
    }

    assertThat((time.nanos() - from) / 1e9)
        .isCloseTo((double) count / rate, within(0.05 + 1.0 / rate));
  }

  @Test
  void nothing_gathers_while_nobody_asks() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    time.pass(seconds(3600));
    long from = time.nanos();

    assertThat(bucket.take(MEBIBYTE)).isEqualTo(209_715);
    assertThat(time.nanos()).isEqualTo(from);
    takeAll(10 * MEBIBYTE, MEBIBYTE);

    assertThat(time.nanos() - from).isGreaterThan(seconds(1) - TimeUnit.MILLISECONDS.toNanos(1));
  }

  @Test
  void a_reader_gets_what_20_milliseconds_bring_and_no_crumbs() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    for (int i = 0; i < 100; i++) {
      assertThat(bucket.take(MEBIBYTE)).isEqualTo(209_715);
      time.pass(TimeUnit.MILLISECONDS.toNanos(3)); // it reads
    }
    bucket.limitTo(100);
    assertThat(bucket.take(MEBIBYTE)).isGreaterThanOrEqualTo(4096);
    assertThat(bucket.take(10)).isEqualTo(10);
  }

  @Test
  void whoever_wakes_late_gets_what_flowed_in_meanwhile() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    time.wakeLate(TimeUnit.MILLISECONDS.toNanos(7));

    takeAll(100L * MEBIBYTE, MEBIBYTE);

    assertThat(time.nanos() / 1e9).isCloseTo(10, within(0.1));
  }

  @Test
  void a_host_that_stood_still_is_no_reason_for_a_burst() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    takeAll(MEBIBYTE, MEBIBYTE);
    time.wakeLate(seconds(60));
    bucket.take(MEBIBYTE);
    time.wakeLate(0);
    long from = time.nanos();

    takeAll(2 * MEBIBYTE, MEBIBYTE);

    assertThat((time.nanos() - from) / 1e9).isCloseTo(0.12, within(0.03));
  }

  @ParameterizedTest
  @ValueSource(longs = {20L << 20, 5L << 20})
  void another_rate_holds_from_then_on(long next) throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    takeAll(10 * MEBIBYTE, MEBIBYTE);
    bucket.limitTo(next);
    long from = time.nanos();

    takeAll(next, MEBIBYTE);

    assertThat((time.nanos() - from) / 1e9).isCloseTo(1, within(0.07));
  }

  @Test
  void a_pause_holds_everybody_until_it_is_lifted() throws Exception {
    var slept = new AtomicLong();
    bucket.limitTo(MEBIBYTE);
    takeAll(MEBIBYTE, MEBIBYTE);
    bucket.limitTo(0);
    time.whileAsleep(nanos -> {
      assertThat(nanos).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
      if (slept.incrementAndGet() == 500) {
        bucket.lift();
      }
    });

    assertThat(bucket.take(MEBIBYTE)).isEqualTo(MEBIBYTE);
    assertThat(slept).hasValue(500);
  }

  @Test
  void a_slow_reader_hears_of_a_faster_rate_within_a_quantum() throws Exception {
    bucket.limitTo(1);
    bucket.take(1);
    time.whileAsleep(_ -> bucket.limitTo(10 * MEBIBYTE));
    long from = time.nanos();

    bucket.take(MEBIBYTE);

    assertThat(time.nanos() - from).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(40));
  }

  @Test
  void an_interruption_ends_the_waiting() {
    bucket.limitTo(0);
    time.whileAsleep(_ -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> bucket.take(1)).isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> bucket.take(1)).isInstanceOf(InterruptedException.class);
    time.whileAsleep(_ -> {});
    bucket.limitTo(1 << 20);
    assertThatCode(() -> bucket.take(1)).doesNotThrowAnyException();
  }

  @Test
  void readers_are_served_in_the_order_in_which_they_came() throws Exception {
    var asleep = new Semaphore(0);
    var mayWake = new Semaphore(0);
    Set<String> waited = Collections.synchronizedSet(new LinkedHashSet<>());
    bucket.limitTo(1000);
    time.whileAsleep(_ -> {
      waited.add(Thread.currentThread().getName());
      asleep.release();
      mayWake.acquireUninterruptibly();
    });
    var readers = new ArrayList<Thread>();
    for (String name : List.of("a", "b", "c", "d")) {
      Thread reader = Thread.ofPlatform().name(name).start(() -> take(100));
      readers.add(reader);
      if (name.equals("a")) {
        asleep.acquire();
      } else {
        Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
      }
    }

    mayWake.release(1_000_000);
    for (Thread reader : readers) {
      reader.join();
    }

    assertThat(waited).containsExactly("a", "b", "c", "d");
  }

  private void take(long bytes) {
    try {
      takeAll(bytes, MEBIBYTE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void several_readers_share_one_rate() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    var readers = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      readers.add(Thread.ofPlatform().start(() -> take(10 * MEBIBYTE)));
    }
    for (Thread reader : readers) {
      reader.join();
    }

    assertThat(time.nanos() / 1e9).isCloseTo(4, within(0.1));
  }

  @Test
  void those_behind_get_all_that_nobody_else_wants() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);

    takeAll(bucket.behind(), 20 * MEBIBYTE, MEBIBYTE);

    assertThat(time.nanos() / 1e9).isCloseTo(2, within(0.05));
  }

  @Test
  void who_wants_little_does_not_wait_for_those_behind() throws Exception {
    bucket.limitTo(10 * MEBIBYTE);
    takeAll(bucket.behind(), MEBIBYTE, MEBIBYTE);
    var waited = new AtomicLong();
    time.whileAsleep(nanos -> {
      time.whileAsleep(_ -> {});
      time.pass(-nanos / 2);
      long from = time.nanos();
      try {
        assertThat(bucket.take(2000)).isEqualTo(2000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      waited.set(time.nanos() - from + 1);
    });

    assertThat(bucket.behind().take(MEBIBYTE)).isEqualTo(209_715);

    assertThat(waited).hasValue(1);
  }

  @Test
  void those_behind_are_not_starved() throws Exception {
    var real = new TokenBucket(Time.SYSTEM);
    real.limitTo(10 * MEBIBYTE);
    var others = Thread.ofPlatform().start(() -> takeUntilInterrupted(real));
    Awaitility.await().until(() -> others.getState() == Thread.State.TIMED_WAITING);
    long from = System.nanoTime();

    takeAll(real.behind(), MEBIBYTE / 2, MEBIBYTE);
    long took = System.nanoTime() - from;
    others.interrupt();
    others.join();

    assertThat(took).isLessThan(seconds(5));
  }

  private static void takeUntilInterrupted(Pace pace) {
    try {
      while (true) {
        pace.take(MEBIBYTE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void those_behind_wait_for_each_other_and_can_be_interrupted() {
    bucket.limitTo(0);
    time.whileAsleep(_ -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> bucket.behind().take(1)).isInstanceOf(InterruptedException.class);
    time.whileAsleep(_ -> {});
    bucket.limitTo(1 << 20);
    assertThatCode(() -> bucket.behind().take(1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> bucket.behind().take(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> bucket.limitTo(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bucket.take(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
