package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityTest {
  @TempDir private Path home;
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T12:00:00Z"));
  private final Authority authority = Authority.create(random, clock);
  private final Identity web1 =
      authority.newIdentity(
          new Subject(AgentId.random(random), new AgentName("web1"), Role.SOURCE));
  private PrivateDirectory directory;

  @BeforeEach
  void create() throws Exception {
    directory = PrivateDirectory.create(home.resolve("identity"));
  }

  @Test
  void authority_and_identity_are_loaded_as_stored() throws Exception {
    authority.store(directory);
    web1.store(directory);
    Authority loaded = Authority.load(directory, random, clock);
    assertThat(loaded.keyHash()).isEqualTo(authority.keyHash());
    assertThat(Identity.load(directory).subject()).isEqualTo(web1.subject());
    Identity web2 = loaded.newIdentity(web1.subject());
    ChainCheck.requireIssued(web2.leaf(), authority.certificate());
  }

  @Test
  void an_authority_is_never_overwritten() throws Exception {
    authority.store(directory);
    assertThatThrownBy(() -> Authority.create(random, clock).store(directory))
        .hasMessageStartingWith("identity-exists:");
    assertThat(Authority.load(directory, random, clock).keyHash()).isEqualTo(authority.keyHash());
  }

  @Test
  void leaves_say_what_they_are_for() throws Exception {
    assertThat(web1.leaf().getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(web1.leaf().getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
    assertThat(web1.leaf().getBasicConstraints()).isEqualTo(-1);
    assertThat(web1.leaf().getSerialNumber())
        .isNotEqualTo(authority.newIdentity(web1.subject()).leaf().getSerialNumber());
    assertThat(Duration.between(clock.instant(), authority.certificate().getNotAfter().toInstant()))
        .isGreaterThan(Duration.ofDays(3650));
  }

  @Test
  void a_key_that_others_could_read_is_refused() throws Exception {
    authority.store(directory);
    web1.store(directory);
    for (String file : new String[] {"authority.key", "agent.pem"}) {
      Files.setPosixFilePermissions(
          directory.path().resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
    }
    assertThatThrownBy(() -> Authority.load(directory, random, clock))
        .hasMessageContaining("authority.key may be used by others (mode 0644)");
    assertThatThrownBy(() -> Identity.load(directory))
        .hasMessageContaining("agent.pem may be used by others (mode 0644)");
  }

  @Test
  void what_is_missing_or_damaged_is_named() throws Exception {
    assertThatThrownBy(() -> Identity.load(directory)).hasMessageStartingWith("identity-missing:");
    assertThatThrownBy(() -> Authority.load(directory, random, clock))
        .hasMessageStartingWith("identity-missing:");
    web1.store(directory);
    byte[] good = directory.read("agent.pem").orElseThrow();
    for (int length = 0; length < good.length - 100; length += 37) {
      directory.write("agent.pem", Arrays.copyOf(good, length));
      assertThatThrownBy(() -> Identity.load(directory))
          .as("first %d bytes", length)
          .hasMessageStartingWith("identity-damaged:");
    }
  }

  @Test
  void a_key_beside_the_wrong_certificate_is_found() throws Exception {
    Identity web2 = authority.newIdentity(web1.subject());
    new Identity(web2.key(), web1.leaf(), web1.authority()).store(directory);
    assertThatThrownBy(() -> Identity.load(directory)).hasMessageStartingWith("identity-damaged:");
  }

  @Test
  void bouncy_castle_stays_out_of_the_list_of_providers() {
    assertThat(Security.getProvider("BC")).isNull();
  }
}
