package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.identity.Refusal.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnrolmentTest {
  private static final AgentName WEB1 = new AgentName("web1");
  private static final Joiner.Wish WISH = new Joiner.Wish(WEB1, List.of(TestTarget.WWW));

  @TempDir private Path home;
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T12:00:00Z"));
  private TestTarget target;

  @BeforeEach
  void init() throws Exception {
    target = TestTarget.init(home, clock);
  }

  @Test
  void an_invited_agent_gets_its_identity_and_rights() throws Exception {
    Token token = Token.parse(target.invite().text(), clock.instant());
    Identity web1 = target.join(token, "web1");

    assertThat(web1.subject().role()).isEqualTo(Role.SOURCE);
    assertThat(web1.name()).isEqualTo(WEB1);
    assertThat(Duration.between(clock.instant(), web1.expiresAt())).isEqualTo(Duration.ofDays(7));
    assertThat(web1.leaf().getNotBefore().toInstant())
        .isEqualTo(clock.instant().minus(Duration.ofMinutes(10)));
    assertThat(Duration.between(clock.instant(), web1.renewAt())).isEqualTo(Duration.ofHours(84));
    assertThat(target.registry.admit(target.peer(web1)))
        .isInstanceOfSatisfying(
            Admission.Admitted.class,
            admitted -> {
              assertThat(admitted.agent().rights().allow(TestTarget.WWW, Role.SOURCE)).isTrue();
              assertThat(admitted.agent().rights().allow(TestTarget.WWW, Role.TARGET)).isFalse();
            });
  }

  @Test
  void a_token_serves_once_also_over_a_restart() throws Exception {
    Token token = target.invite();
    target = target.restarted();
    target.join(token, "web1");
    assertRefused(Reason.TOKEN_USED, () -> target.join(token, "web2"));
    target = target.restarted();
    assertRefused(Reason.TOKEN_USED, () -> target.join(token, "web2"));
    assertThat(target.registry.agents()).extracting(RegisteredAgent::name).containsExactly(WEB1);
  }

  @Test
  void a_token_expires_and_is_forgotten_a_day_later() throws Exception {
    Token token = target.invite();
    clock.advance(Duration.ofMinutes(61));
    assertRefused(Reason.TOKEN_EXPIRED, () -> target.join(token, "web1"));
    clock.advance(TestTarget.DAY);
    assertRefused(Reason.TOKEN_UNKNOWN, () -> target.join(token, "web1"));
    assertThat(target.registry.agents()).isEmpty();
  }

  @Test
  void a_token_of_another_target_is_unknown() throws Exception {
    TestTarget other = TestTarget.init(home.resolve("other"), clock);
    Token foreign = other.invite();
    // The joiner itself would have left: this target shows another authority.
    assertRefused(Reason.OTHER_AUTHORITY, () -> target.join(foreign, "web1"));
    Token redirected =
        new Token(
            foreign.addresses(),
            target.authority.keyHash(),
            foreign.id(),
            foreign.secret(),
            foreign.expiresAt());
    assertRefused(Reason.TOKEN_UNKNOWN, () -> target.join(redirected, "web1"));
  }

  @Test
  void a_token_that_is_guessed_at_is_burnt() throws Exception {
    Token token = target.invite();
    for (int i = 0; i < 5; i++) {
      assertRefused(Reason.TOKEN_PROOF, () -> target.join(guess(token), "eve"));
      target = target.restarted();
    }
    assertRefused(Reason.TOKEN_BURNT, () -> target.join(guess(token), "eve"));
    assertRefused(Reason.TOKEN_BURNT, () -> target.join(token, "web1"));
    assertThat(target.invitations.open()).isEmpty();
  }

  @Test
  void a_few_wrong_proofs_do_no_harm() throws Exception {
    Token token = target.invite();
    for (int i = 0; i < 4; i++) {
      assertRefused(Reason.TOKEN_PROOF, () -> target.join(guess(token), "eve"));
    }
    assertThat(target.join(token, "web1").name()).isEqualTo(WEB1);
  }

  @Test
  void who_does_not_know_the_secret_learns_nothing_about_a_token() throws Exception {
    Token token = target.invite();
    target.join(token, "web1");
    assertRefused(Reason.TOKEN_PROOF, () -> target.join(guess(token), "eve"));
  }

  @Test
  void a_proof_is_good_for_one_connection_one_target_and_one_key() throws Exception {
    Token token = target.invite();
    Joiner joiner = new Joiner(token, WISH, random, clock);
    EnrolmentBinding binding = target.registrar.bind(target.identity);
    EnrolmentRequest request = joiner.request(target.identity.chain(), binding.nonce());

    EnrolmentBinding later = target.registrar.bind(target.identity);
    assertRefused(Reason.TOKEN_PROOF, () -> target.registrar.enrol(request, later));

    EnrolmentBinding elsewhere =
        new EnrolmentBinding(
            binding.authority(), new KeyHash(Word256.random(random)), binding.nonce());
    assertRefused(Reason.TOKEN_PROOF, () -> target.registrar.enrol(request, elsewhere));

    SigningRequest swapped = SigningRequest.make(AgentKey.generate(random), WEB1);
    EnrolmentRequest forged = new EnrolmentRequest(token.id(), swapped, request.proof(), List.of());
    assertRefused(Reason.TOKEN_PROOF, () -> target.registrar.enrol(forged, binding));

    assertThat(target.registrar.enrol(request, binding).agent().name()).isEqualTo(WEB1);
  }

  @Test
  void a_name_that_is_taken_does_not_use_the_token_up() throws Exception {
    target.join(target.invite(), "web1");
    Token token = target.invite();
    assertRefused(Reason.NAME_TAKEN, () -> target.join(token, "WEB1"));
    assertThat(target.join(token, "web2").name()).isEqualTo(new AgentName("web2"));
  }

  @Test
  void a_volume_that_is_not_allowed_does_not_use_the_token_up() throws Exception {
    Token token = target.invite();
    Joiner.Wish other = new Joiner.Wish(WEB1, List.of(TestTarget.WWW, new VolumeName("mail")));
    assertThatThrownBy(() -> target.join(token, other))
        .hasMessageStartingWith(
            "volume-not-allowed: the token doesn't allow the volume mail; it allows www;");
    assertThat(target.join(token, "web1").name()).isEqualTo(WEB1);
  }

  @Test
  void an_invitation_for_an_agent_names_it_and_replaces_the_one_that_is_there() throws Exception {
    Identity lost = target.join(target.invite(WEB1), "whatever");
    assertThat(lost.name()).isEqualTo(WEB1);
    Identity again = target.join(target.invite(WEB1), "whatever");
    assertThat(again.id()).isEqualTo(lost.id());
    assertThat(target.registry.admit(target.peer(again))).isInstanceOf(Admission.Admitted.class);
    assertThat(target.registry.admit(target.peer(lost)))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.refusal().slug()).isEqualTo("cloned-identity"));
  }

  @Test
  void a_revoked_agent_comes_back_as_another() throws Exception {
    Identity before = target.join(target.invite(), "web1");
    target.registry.revoke(before.id());
    Identity after = target.join(target.invite(), "web1");
    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(target.registry.admit(target.peer(before))).isInstanceOf(Admission.Refused.class);
    assertThat(target.registry.admit(target.peer(after))).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void a_joiner_proves_nothing_to_another_authority() throws Exception {
    TestTarget other = TestTarget.init(home.resolve("other"), clock);
    Joiner joiner = new Joiner(target.invite(), WISH, random, clock);
    Word256 nonce = Word256.random(random);
    assertRefused(Reason.OTHER_AUTHORITY, () -> joiner.request(other.identity.chain(), nonce));
    X509Certificate[] dressed = {other.identity.leaf(), target.authority.certificate()};
    assertRefused(Reason.CERTIFICATE_REFUSED, () -> joiner.request(dressed, nonce));
  }

  @Test
  void a_joiner_accepts_only_a_certificate_for_its_own_key() throws Exception {
    Joiner joiner = new Joiner(target.invite(), WISH, random, clock);
    Identity someone = target.join(target.invite(), "web2");
    assertRefused(
        Reason.CERTIFICATE_REFUSED,
        () -> joiner.accept(target.authority.certificate(), someone.leaf()));
  }

  @Test
  void open_invitations_are_bounded_and_a_closed_one_makes_room() throws Exception {
    Token token = target.invite();
    for (int i = 1; i < Invitations.OPEN_MAX; i++) {
      target.invite();
    }
    assertRefused(Reason.TOKENS_TOO_MANY, () -> target.invite());
    target.join(token, "web1");
    assertThat(target.invite()).isNotNull();
    assertThat(target.invitations.open()).hasSize(Invitations.OPEN_MAX);
  }

  @Test
  void a_token_is_good_for_a_while_at_most() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Invitations.Offer(
                List.of(), target.authority.keyHash(), null, Rights.NONE, Duration.ZERO));
  }

  @Test
  void what_is_stored_does_not_contain_the_secret() throws Exception {
    Token token = target.invite();
    String stored = Files.readString(home.resolve("identity/invitations"));
    assertThat(stored)
        .contains(token.id().toString())
        .doesNotContain("%016x".formatted(token.secret().high()))
        .doesNotContain("%016x".formatted(token.secret().low()));
  }

  @Test
  void requests_that_are_none_are_refused() {
    byte[] good = SigningRequest.make(AgentKey.generate(random), WEB1).der();
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertRefused(Reason.REQUEST_BAD, () -> SigningRequest.parse(bad));
      byte[] cut = Arrays.copyOf(good, at);
      assertRefused(Reason.REQUEST_BAD, () -> SigningRequest.parse(cut));
    }
    assertRefused(Reason.REQUEST_BAD, () -> SigningRequest.parse(new byte[5000]));
  }

  private Token guess(Token token) {
    return new Token(
        token.addresses(),
        token.authority(),
        token.id(),
        TokenSecret.random(random),
        token.expiresAt());
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().reason()).isEqualTo(reason));
  }
}
