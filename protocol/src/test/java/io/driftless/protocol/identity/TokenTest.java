package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.identity.Refusal.Reason;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00.5Z");

  private final SecureRandom random = new SecureRandom();
  private final Token token =
      new Token(
          List.of(
              Address.parse("203.0.113.7:7440"),
              Address.parse("[2001:db8::7]:7440"),
              Address.parse("new-hoster.example:65535")),
          new KeyHash(Word256.random(random)),
          new TokenId(random.nextLong()),
          TokenSecret.random(random),
          NOW.plus(Duration.ofHours(1)));

  @Test
  void is_read_as_it_was_printed() throws Exception {
    assertThat(Token.parse(token.text(), NOW)).isEqualTo(token);
  }

  @Test
  void is_one_word_that_no_shell_minds() {
    assertThat(token.text()).matches("dl1\\.[A-Za-z0-9_-]+").hasSizeLessThan(250);
  }

  @Test
  void survives_mail_programs() throws Exception {
    String wrapped = " \t" + token.text().replaceAll("(.{40})", "$1\r\n ") + "\n";
    assertThat(Token.parse(wrapped, NOW)).isEqualTo(token);
  }

  @Test
  void does_not_show_its_secret_when_logged() {
    assertThat(token.toString()).doesNotContain("%016x".formatted(token.secret().high()));
    assertThat(token.secret().toString()).isEqualTo("(secret)");
  }

  @Test
  void every_cut_is_told_apart() {
    String text = token.text();
    for (int length = 0; length < text.length(); length++) {
      assertRefused(text.substring(0, length), Reason.TOKEN_CUT);
    }
  }

  @Test
  void every_wrong_character_is_found() {
    String text = token.text();
    for (int at = 0; at < text.length(); at++) {
      char wrong = text.charAt(at) == 'x' ? 'y' : 'x';
      String mistyped = text.substring(0, at) + wrong + text.substring(at + 1);
      assertThatThrownBy(() -> Token.parse(mistyped, NOW))
          .as("wrong at %d", at)
          .isInstanceOfSatisfying(
              RefusedException.class,
              // A mistyped length may look like a cut; nothing may look like a token.
              e -> assertThat(e.refusal().reason()).isIn(Reason.TOKEN_MISTYPED, Reason.TOKEN_CUT));
    }
    assertRefused(text + "A", Reason.TOKEN_MISTYPED);
    assertRefused(text.substring(0, 20) + "$" + text.substring(21), Reason.TOKEN_MISTYPED);
    assertRefused("hello", Reason.TOKEN_MISTYPED);
  }

  @Test
  void other_versions_are_told_apart() {
    assertRefused("dl2." + token.text().substring(4), Reason.TOKEN_VERSION);
  }

  @Test
  void expires() {
    assertThatThrownBy(() -> Token.parse(token.text(), NOW.plus(Duration.ofHours(2))))
        .hasMessage(
            "token-expired: the token expired at 2026-11-01T13:00:00Z, and here it is"
                + " 2026-11-01T14:00:00Z; print a new one on the target with target invite,"
                + " or correct this host's clock");
  }

  @Test
  void refuses_a_body_with_a_right_checksum_but_no_sense() {
    assertRefused(sealed(new byte[70]), Reason.TOKEN_MISTYPED);
    byte[] noAddress = new byte[67];
    noAddress[2] = 0x7F; // a year that no calendar has
    assertRefused(sealed(noAddress), Reason.TOKEN_MISTYPED);
  }

  private static void assertRefused(String text, Reason reason) {
    assertThatThrownBy(() -> Token.parse(text, NOW))
        .as(text)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().reason()).isEqualTo(reason));
  }

  /** A token that a malicious printer could make. */
  private static String sealed(byte[] body) {
    byte[] all = Arrays.copyOf(body, body.length + 4);
    ByteBuffer.wrap(all).putShort((short) all.length);
    byte[] checksum = Word256.sha256(Arrays.copyOf(all, body.length)).toBytes();
    System.arraycopy(checksum, 0, all, body.length, 4);
    return "dl1." + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }
}
