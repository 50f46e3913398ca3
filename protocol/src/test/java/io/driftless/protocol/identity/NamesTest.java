package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", ".hidden", "-rf", "a/b", "a b", "ü", "a\n", "..", "$(x)"})
  void no_volume_is_called(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new VolumeName(name));
  }

  @Test
  void volume_names_keep_their_case_and_have_a_limit() {
    assertThat(new VolumeName("Www_1.old-2").toString()).isEqualTo("Www_1.old-2");
    assertThat(new VolumeName("v".repeat(63)).text()).hasSize(63);
    assertThatIllegalArgumentException().isThrownBy(() -> new VolumeName("v".repeat(64)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "-a", "a_b", "a b", "ä", "a\u202e", "a="})
  void no_agent_is_called(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new AgentName(name));
  }

  @Test
  void agent_names_fold_case_and_have_a_limit() {
    assertThat(new AgentName("WEB1.Example")).isEqualTo(new AgentName("web1.example"));
    assertThatIllegalArgumentException().isThrownBy(() -> new AgentName("a".repeat(64)));
  }

  @Test
  void agent_ids_are_read_as_written() {
    AgentId id = AgentId.random(new SecureRandom());
    assertThat(AgentId.parse(id.toString())).isEqualTo(id);
    assertThat(AgentId.ofUri(id.uri())).isEqualTo(id);
    assertThat(new AgentId(1, 2).uri())
        .isEqualTo("driftless:agent:00000000000000010000000000000002");
    assertThatIllegalArgumentException().isThrownBy(() -> AgentId.parse("1".repeat(31)));
    assertThatIllegalArgumentException().isThrownBy(() -> AgentId.parse("G".repeat(32)));
  }

  @Test
  void addresses_are_read_as_written() {
    assertThat(Address.parse("db1.internal:7440")).isEqualTo(new Address("db1.internal", 7440));
    assertThat(Address.parse("[::1]:7440")).isEqualTo(new Address("::1", 7440));
    assertThat(new Address("::1", 7440).toString()).isEqualTo("[::1]:7440");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":7440", "host:", "::1:7440", "h:0", "h:65536", "a b:1"})
  void no_address_is(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Address.parse(text));
  }

  @Test
  void rights_are_read_as_written_and_allow_nothing_else() {
    VolumeName www = new VolumeName("www");
    VolumeName mail = new VolumeName("mail");
    Rights rights = Rights.of(www, Role.TARGET).with(mail, Role.SOURCE).with(www, Role.SOURCE);
    assertThat(rights.toString()).isEqualTo("mail:source,www:source+target");
    assertThat(Rights.parse(rights.toString())).isEqualTo(rights);
    assertThat(Rights.parse("-")).isEqualTo(Rights.NONE);
    assertThat(rights.allow(mail, Role.SOURCE)).isTrue();
    assertThat(rights.allow(mail, Role.TARGET)).isFalse();
    assertThat(rights.allow(new VolumeName("WWW"), Role.SOURCE)).isFalse();
    assertThat(rights.without(mail).allow(mail, Role.SOURCE)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> Rights.parse("www:root"));
    assertThatIllegalArgumentException().isThrownBy(() -> Rights.parse("www"));
  }
}
