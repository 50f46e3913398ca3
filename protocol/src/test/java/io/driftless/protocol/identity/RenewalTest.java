package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RenewalTest {
  @TempDir private Path home;
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T12:00:00Z"));
  private TestTarget target;
  private PrivateDirectory directory;
  private Identity old;

  @BeforeEach
  void enrol_one_agent() throws Exception {
    target = TestTarget.init(home.resolve("target"), clock);
    directory = PrivateDirectory.create(home.resolve("source"));
    old = target.join(target.invite(), "web1");
    old.store(directory);
    clock.advance(TestTarget.DAY.multipliedBy(4));
  }

  @Test
  void gives_a_new_key_and_a_new_week() throws Exception {
    Renewal renewal = Renewal.begin(directory, old, random, clock);
    Enrolled answer = target.registrar.renew(target.peer(old), renewal.request());
    Identity renewed = renewal.complete(answer.leaf());

    assertThat(renewed.keyHash()).isNotEqualTo(old.keyHash());
    assertThat(renewed.subject()).isEqualTo(old.subject());
    assertThat(renewed.expiresAt()).isEqualTo(clock.instant().plus(Authority.LEAF_LIFE));
    assertThat(Identity.load(directory).keyHash()).isEqualTo(renewed.keyHash());
    assertThat(directory.has("pending.pem")).isFalse();
  }

  @Test
  void the_old_key_is_good_until_the_new_one_has_been_shown() throws Exception {
    Renewal renewal = Renewal.begin(directory, old, random, clock);
    Identity renewed =
        renewal.complete(target.registrar.renew(target.peer(old), renewal.request()).leaf());
    target.registry.arrived(target.peer(old));
    assertThat(target.registry.admit(target.peer(old))).isInstanceOf(Admission.Admitted.class);

    target.registry.arrived(target.peer(renewed));
    assertThat(target.registry.admit(target.peer(renewed))).isInstanceOf(Admission.Admitted.class);
    assertThat(target.registry.admit(target.peer(old)))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.refusal().slug()).isEqualTo("cloned-identity"));
  }

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_key() throws Exception {
    Renewal lost = Renewal.begin(directory, old, random, clock);
    target.registrar.renew(target.peer(old), lost.request());
    target = target.restarted();

    Renewal again = Renewal.begin(directory, Identity.load(directory), random, clock);
    assertThat(again.request().keyHash()).isEqualTo(lost.request().keyHash());
    Identity renewed =
        again.complete(target.registrar.renew(target.peer(old), again.request()).leaf());
    assertThat(target.registry.admit(target.peer(renewed))).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void a_lost_pending_key_does_no_harm() throws Exception {
    target.registrar.renew(
        target.peer(old), Renewal.begin(directory, old, random, clock).request());
    directory.delete("pending.pem");
    Renewal again = Renewal.begin(directory, old, random, clock);
    Identity renewed =
        again.complete(target.registrar.renew(target.peer(old), again.request()).leaf());
    assertThat(target.registry.admit(target.peer(renewed))).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void a_pending_key_that_is_in_use_already_is_not_used_again() throws Exception {
    Renewal renewal = Renewal.begin(directory, old, random, clock);
    byte[] pending = directory.read("pending.pem").orElseThrow();
    Identity renewed =
        renewal.complete(target.registrar.renew(target.peer(old), renewal.request()).leaf());
    directory.write("pending.pem", pending); // as if the power had failed before its removal
    assertThat(Renewal.begin(directory, renewed, random, clock).request().keyHash())
        .isNotEqualTo(renewed.keyHash());
  }

  @Test
  void an_expired_agent_may_renew_and_nothing_else() throws Exception {
    clock.advance(TestTarget.DAY.multipliedBy(20));
    assertThat(target.registry.admit(target.peer(old))).isInstanceOf(Admission.RenewalOnly.class);
    Renewal renewal = Renewal.begin(directory, old, random, clock);
    Identity renewed =
        renewal.complete(target.registrar.renew(target.peer(old), renewal.request()).leaf());
    assertThat(target.registry.admit(target.peer(renewed))).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void a_revoked_agent_may_not_renew_expired_or_not() throws Exception {
    target.registry.revoke(old.id());
    Renewal renewal = Renewal.begin(directory, old, random, clock);
    assertThatThrownBy(() -> target.registrar.renew(target.peer(old), renewal.request()))
        .hasMessageStartingWith("agent-revoked:");
    clock.advance(TestTarget.DAY.multipliedBy(20));
    assertThatThrownBy(() -> target.registrar.renew(target.peer(old), renewal.request()))
        .hasMessageStartingWith("agent-revoked:");
  }

  @Test
  void the_same_key_is_no_renewal() throws Exception {
    SigningRequest same = SigningRequest.make(old.key(), old.name());
    assertThatThrownBy(() -> target.registrar.renew(target.peer(old), same))
        .hasMessageStartingWith("bad-request:");
  }

  @Test
  void an_answer_for_another_agent_changes_nothing() throws Exception {
    Identity other = target.join(target.invite(), "web2");
    Renewal renewal = Renewal.begin(directory, old, random, clock);
    assertThatThrownBy(() -> renewal.complete(other.leaf()))
        .hasMessageStartingWith("certificate-refused:");
    assertThat(Identity.load(directory).keyHash()).isEqualTo(old.keyHash());
  }
}
