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

  private static PassRequest verification(Compare compare) {
    return new PassRequest(
        compare, Effect.VERIFY, Deletes.GUARDED, 0, Excluded.PROTECTED, TreePath.ROOT);
  }

  @Test
  void a_verification_goes_on_beside_passes_and_the_next_one_waits() throws InterruptedException {
    PassTicket first = request(verification(Compare.CONTENT));
    queue.take(() -> Long.MAX_VALUE);
    queue.putAside();
    PassTicket second = request(verification(Compare.CONTENT));
    PassTicket pass = request(PassRequest.PLAIN);

    assertThat(second).isNotSameAs(first);
    assertThat(queue.take(() -> Long.MAX_VALUE)).isSameAs(pass);
    assertThat(queue.running()).contains(pass);
    assertThat(queue.aside()).contains(first);
    assertThat(queue.find(first.pass())).contains(first);
    assertThat(queue.oldestUnended()).isEqualTo(first.pass());
    assertThat(queue.take(() -> 0)).as("one at a time").isNull();

    queue.finished(first);

    assertThat(queue.find(first.pass())).contains(first);
    assertThat(queue.take(() -> 0)).isSameAs(second);
  }

  @Test
  void a_verification_that_can_not_go_on_so_is_the_next_one() throws InterruptedException {
    PassTicket verification = request(verification(Compare.METADATA));
    queue.take(() -> Long.MAX_VALUE);
    queue.putAside();
    request(PassRequest.PLAIN);
    assertThat(verification.mayGoAside()).isTrue();

    verification.goAlone();
    queue.putBack();

    assertThat(queue.take(() -> 0)).isSameAs(verification);
    assertThat(verification.mayGoAside()).isFalse();
  }

  @Test
  void cancelling_reaches_what_was_put_aside() throws InterruptedException {
    PassTicket verification = request(verification(Compare.METADATA));
    queue.take(() -> Long.MAX_VALUE);
    queue.putAside();

    assertThat(queue.cancelAll()).isTrue();

    assertThat(verification.isCancelled()).isTrue();
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
