package io.driftless.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.driftless.cli.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HomeTest {
  private static final int NOBODY = 65_534;

  @TempDir Path directory;

  private Home given() throws IOException {
    return new Homes(Path.of("/"), Optional.of(directory.resolve("home")), Optional.empty())
        .of(AgentRole.SOURCE);
  }

  private Homes system(Optional<AgentRole> role) {
    return new Homes(directory, Optional.empty(), role);
  }

  @Test
  void a_given_home_holds_everything() throws IOException {
    Path home = directory.resolve("home");

    assertThat(given().config()).isEqualTo(home.resolve("agent.toml"));
    assertThat(given().localConfig()).isEqualTo(home.resolve("conf.d/90-local.toml"));
    assertThat(given().identity()).isEqualTo(home.resolve("identity"));
    assertThat(given().database()).isEqualTo(home.resolve("state.db"));
    assertThat(given().socket()).isEqualTo(home.resolve("control.sock"));
  }

  @Test
  void without_one_the_files_lie_where_the_system_keeps_such_files() throws IOException {
    Home home = system(Optional.empty()).of(AgentRole.TARGET);

    assertThat(home.config()).isEqualTo(directory.resolve("etc/driftless/target.toml"));
    assertThat(home.database()).isEqualTo(directory.resolve("var/lib/driftless/target/state.db"));
    assertThat(home.socket()).isEqualTo(directory.resolve("run/driftless/target.sock"));
  }

  @Test
  void the_only_role_on_a_host_is_meant() throws IOException {
    Home target = system(Optional.empty()).of(AgentRole.TARGET);
    target.prepare();
    Files.writeString(target.config(), "");

    assertThat(system(Optional.empty()).present().role()).isEqualTo(AgentRole.TARGET);
  }

  @Test
  void with_both_roles_one_must_be_named() throws IOException {
    for (AgentRole role : AgentRole.values()) {
      Home home = system(Optional.empty()).of(role);
      home.prepare();
      Files.writeString(home.config(), "");
    }

    assertThatThrownBy(() -> system(Optional.empty()).present())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("both a source and a target");
    assertThat(system(Optional.of(AgentRole.SOURCE)).present().role()).isEqualTo(AgentRole.SOURCE);
  }

  @Test
  void a_home_that_listens_is_a_target() throws IOException {
    Home home = given();
    home.prepare();
    Files.writeString(home.config(), "name = \"a\"\n listen = \":7440\"\n");

    assertThat(
            new Homes(Path.of("/"), Optional.of(directory.resolve("home")), Optional.empty())
                .present()
                .role())
        .isEqualTo(AgentRole.TARGET);
  }

  @Test
  @DisplayName("B17: only its owner can enter what an agent makes")
  void directories_are_made_for_their_owner_only() throws IOException {
    given().prepare();

    assertThat(Files.getPosixFilePermissions(directory.resolve("home")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void a_second_agent_on_the_same_home_is_refused_with_the_process() throws IOException {
    Home home = given();
    home.prepare();

    try (HomeLock first = HomeLock.acquire(home)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> HomeLock.acquire(home))
          .isInstanceOfSatisfying(
              CommandFailure.class,
              failure -> {
                assertThat(failure.slug()).isEqualTo("home-in-use");
                assertThat(failure.message()).endsWith("process " + ProcessHandle.current().pid());
              });
    }
    HomeLock.acquire(home).close();
  }

  @Test
  void a_home_whose_socket_the_kernel_could_not_bind_is_refused_early() {
    Path deep = directory.resolve("x".repeat(120));

    assertThatThrownBy(() ->
            new Homes(Path.of("/"), Optional.of(deep), Optional.empty())
                .of(AgentRole.SOURCE)
                .prepare())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("the kernel's limit is 107");
    assertThat(deep).doesNotExist();
  }

  @Test
  @DisplayName("B17: configuration that others may write is refused")
  void a_file_that_everybody_may_write_is_not_trusted() throws IOException {
    Path file = Files.writeString(directory.resolve("agent.toml"), "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThatThrownBy(() -> TrustedFile.read(file))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("may be written by others (mode 0666)");
  }

  @Test
  @DisplayName("B17: configuration in a directory that others may write to is refused")
  void a_file_in_a_directory_of_everybody_is_not_trusted() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = Files.writeString(open.resolve("agent.toml"), "");

    assertThatThrownBy(() -> TrustedFile.read(file))
        .hasMessageContaining("a directory that everybody may write to");
  }

  @Test
  @DisplayName("B17: configuration and links of other users are refused")
  void files_and_links_of_other_users_are_not_trusted() throws IOException {
    assumeTrue(User.current() == 0, "needs root");
    Path file = Files.writeString(directory.resolve("agent.toml"), "");
    Path link = Files.createSymbolicLink(directory.resolve("link.toml"), file);
    assertThat(TrustedFile.read(link)).isEmpty();

    Files.setAttribute(link, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
    assertThatThrownBy(() -> TrustedFile.read(link))
        .hasMessageContaining("is a symbolic link that belongs to user 65534");

    Files.setAttribute(file, "unix:uid", NOBODY);
    assertThatThrownBy(() -> TrustedFile.read(file)).hasMessageContaining("belongs to user 65534");
  }
}
