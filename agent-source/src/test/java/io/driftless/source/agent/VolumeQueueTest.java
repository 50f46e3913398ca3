package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class VolumeQueueTest {
  private final VolumeQueue queue = new VolumeQueue();
  private long numbers;

  @Test
  void equal_requests_that_wait_share_a_pass() {
    assertThat(request(PassRequest.PLAIN)).isSameAs(request(PassRequest.PLAIN));
  }

  @Test
  void a_request_made_while_a_pass_runs_gets_the_next_one() throws InterruptedException {
    PassTicket first = request(PassRequest.PLAIN);
    queue.take(() -> Long.MAX_VALUE);

    PassTicket second = request(PassRequest.PLAIN);

    assertThat(second.pass()).isGreaterThan(first.pass());
  }

  @Test
  void an_ended_pass_can_still_be_found() throws InterruptedException {
    PassTicket ticket = request(PassRequest.PLAIN);
    queue.take(() -> Long.MAX_VALUE);
    queue.finished(ticket);

    assertThat(queue.find(ticket.pass())).contains(ticket);
    assertThat(queue.running()).isEmpty();
  }

  @Test
  void cancelling_reaches_what_runs_and_what_waits() throws InterruptedException {
    PassTicket running = request(PassRequest.PLAIN);
    queue.take(() -> Long.MAX_VALUE);
    PassTicket waiting = request(PassRequest.PLAIN);

    assertThat(queue.cancelAll()).isTrue();

    assertThat(running.isCancelled()).isTrue();
    assertThat(waiting.isCancelled()).isTrue();
  }

  @Test
  void a_request_after_a_cancellation_gets_a_pass_of_its_own() {
    PassTicket withdrawn = request(PassRequest.PLAIN);
    queue.cancelAll();

    PassTicket again = request(PassRequest.PLAIN);

    assertThat(again.pass()).isGreaterThan(withdrawn.pass());
    assertThat(again.isCancelled()).isFalse();
  }

  @Test
  void the_number_of_waiting_passes_is_bounded() {
    for (int i = 0; i < VolumeQueue.WAITING_MAX; i++) {
      request(different(i));
    }

    assertThatThrownBy(() -> request(different(99)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wait already");
  }

  private PassTicket request(PassRequest request) {
    return queue.request(request, made -> new PassTicket("www", ++numbers, made, Instant.EPOCH));
  }

  private static PassRequest different(int number) {
    return new PassRequest(
        Compare.METADATA, Effect.APPLY, Deletes.ALLOWED, number, Excluded.PROTECTED, TreePath.ROOT);
  }
}
