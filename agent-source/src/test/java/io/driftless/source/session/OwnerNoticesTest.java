package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Accounts;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.message.VolumeMessage.OwnerName;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.message.VolumeMessage.Owners;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C16: a number of an owner that is somebody else's on the target")
final class OwnerNoticesTest {
  private final int user = ThisProcess.effectiveUid();
  @TempDir Path scratch;
  private PassFixture volume;

  @BeforeEach
  void fill() throws Exception {
    volume = new PassFixture(scratch);
    volume.write("a", 3);
    volume.write("dir/b", 3);
    volume.write("dir/below/c", 3);
    Files.createSymbolicLink(volume.root.resolve("dir/link"), Path.of("a"));
    volume.target.onControl =
        message -> {
          if (message instanceof OwnerNames) {
            volume.target.reply(names(user));
          }
        };
  }

  private static OwnerNames names(int id) {
    return new OwnerNames(List.of(new OwnerName(OwnerKind.USER, id, "some\u001bbody")));
  }

  /** The root and two directories, three files and a link. */
  private void assertThatAllAreCounted() {
    assertThat(volume.notices)
        .filteredOn(notice -> notice.slug().equals("owner-names"))
        .containsExactly(
            new Notice(
                "owner-names",
                "user %d is %s here and some\\x1bbody there, 7 entries"
                    .formatted(user, Accounts.user(user).orElseThrow())));
  }

  @Test
  void is_told_with_the_number_of_its_entries_whether_they_were_read_or_known() throws Exception {
    volume.witnesses = Optional.of(scratch.resolve("witnesses.db"));

    volume.passCompletes();
    assertThatAllAreCounted();
    volume.passCompletes();
    assertThatAllAreCounted();
    volume.passCompletes();
    assertThatAllAreCounted();
  }

  @Test
  void where_owners_go_by_name_nothing_is_asked_at_the_end() throws Exception {
    volume.owners = Owners.BY_NAME;
    volume.target.onControl = _ -> {};

    volume.passCompletes();

    assertThat(volume.notices).noneMatch(notice -> notice.slug().equals("owner-names"));
    assertThat(volume.target.owners).isNotEmpty();
  }

  @Test
  void a_target_that_names_whom_nobody_asked_about_is_refused() throws Exception {
    volume.target.onControl =
        message -> {
          if (message instanceof OwnerNames) {
            volume.target.reply(names(12345678));
          }
        };

    assertThat(volume.pass())
        .isInstanceOfSatisfying(
            PassEnding.Failed.class,
            failed -> assertThat(failed.failure().slug()).isEqualTo("protocol"));
  }
}
