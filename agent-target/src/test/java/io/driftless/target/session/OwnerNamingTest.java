package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.target.compare.HostAccounts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C16: numbers of owners that mean somebody else here")
final class OwnerNamingTest {
  private static final HostAccounts HERE =
      new HostAccounts() {
        @Override
        public OptionalInt userId(String name) {
          return OptionalInt.empty();
        }

        @Override
        public OptionalInt groupId(String name) {
          return OptionalInt.empty();
        }

        @Override
        public Optional<String> userName(int id) {
          return id == 105
              ? Optional.of("messagebus")
              : id == 0 ? Optional.of("root") : Optional.empty();
        }

        @Override
        public Optional<String> groupName(int id) {
          return id == 105 ? Optional.of("postgres") : Optional.empty();
        }
      };

  @Test
  void only_those_with_two_different_names_are_told() {
    var there =
        new OwnerNames(
            List.of(
                new OwnerName(OwnerKind.USER, 0, "root"),
                new OwnerName(OwnerKind.USER, 105, "postgres"),
                new OwnerName(OwnerKind.USER, 106, "nobody-here"),
                new OwnerName(OwnerKind.GROUP, 105, "postgres")));

    assertThat(OwnerNaming.others(there, HERE).names())
        .containsExactly(new OwnerName(OwnerKind.USER, 105, "messagebus"));
  }

  @Test
  void the_answer_comes_before_the_result_and_is_asked_for_once(@TempDir Path root)
      throws Exception {
    var names = new OwnerNames(List.of(new OwnerName(OwnerKind.USER, 0, "not-root")));
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("f", "x");
      replica.source.begin();
      replica.source.say(names);
      replica.source.walk();
      replica.source.sendLinks();
      replica.source.await(PassResult.class);

      assertThat(replica.source.said(OwnerNames.class))
          .containsExactly(new OwnerNames(List.of(new OwnerName(OwnerKind.USER, 0, "root"))));

      replica.source.begin();
      replica.source.say(names);
      assertThatThrownBy(() -> replica.source.say(names)).isInstanceOf(ProtocolViolation.class);
    }
  }
}
