package io.driftless.target.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C16, C19, B20: owners by name")
final class NamedOwnersTest {
  private static final Map<String, Integer> HERE = Map.of("root", 0, "web", 33, "alice", 2000);

  private final List<String> unknown = new ArrayList<>();
  private final NamedOwners owners =
      new NamedOwners(new TableAccounts(), (kind, name) -> unknown.add(kind + " " + name));

  private static final class TableAccounts implements HostAccounts {
    @Override
    public OptionalInt userId(String name) {
      Integer id = HERE.get(name);
      return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public OptionalInt groupId(String name) {
      return userId(name);
    }

    @Override
    public Optional<String> userName(int id) {
      return Optional.empty();
    }

    @Override
    public Optional<String> groupName(int id) {
      return Optional.empty();
    }
  }

  private static Metadata owned(int uid, int gid, List<Attribute> attributes) {
    return new Metadata(
        Kind.REGULAR,
        0644,
        uid,
        gid,
        Timestamp.EPOCH,
        Timestamp.EPOCH,
        0,
        0,
        0,
        Bytes.EMPTY,
        attributes);
  }

  private void learn(OwnerKind kind, int id, String name) {
    owners.learn(new OwnerName(kind, id, name));
  }

  @Test
  void a_name_that_both_hosts_know_decides() {
    learn(OwnerKind.USER, 1000, "alice");
    learn(OwnerKind.GROUP, 1001, "web");

    Metadata here = owners.toTarget(owned(1000, 1001, List.of()));

    assertThat(here.owner()).isEqualTo(2000);
    assertThat(here.group()).isEqualTo(33);
    assertThat(owners.toSource(here)).isEqualTo(owned(1000, 1001, List.of()));
  }

  @Test
  void an_unknown_name_keeps_its_number_and_is_reported() {
    learn(OwnerKind.USER, 1000, "bob");
    learn(OwnerKind.GROUP, 0, "root");

    assertThat(owners.toTarget(owned(1000, 0, List.of())).owner()).isEqualTo(1000);
    assertThat(unknown).containsExactly("USER bob");
  }

  @Test
  void no_other_number_ever_becomes_that_of_root() {
    learn(OwnerKind.USER, 1000, "root");

    assertThat(owners.toTarget(owned(1000, 0, List.of())).owner()).isEqualTo(1000);
  }

  @Test
  void a_number_that_means_somebody_else_at_the_source_never_looks_equal() {
    learn(OwnerKind.USER, 1000, "alice"); // 2000 here

    assertThat(owners.toSource(owned(1000, 0, List.of())).owner()).isNotEqualTo(1000);
  }

  @Test
  void users_in_access_lists_are_translated_too() {
    learn(OwnerKind.USER, 1000, "alice");

    Metadata here = owners.toTarget(owned(0, 0, List.of(acl(1000))));

    assertThat(here.attributes()).containsExactly(acl(2000));
  }

  private static Attribute acl(int user) {
    byte[] value =
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(2)
            .putShort((short) 2)
            .putShort((short) 6)
            .putInt(user)
            .array();
    return new Attribute(Bytes.of("system.posix_acl_access"), Bytes.of(value));
  }
}
