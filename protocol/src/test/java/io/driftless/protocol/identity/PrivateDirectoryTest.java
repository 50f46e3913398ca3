package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B17: secrets are for their owner alone")
final class PrivateDirectoryTest {
  @TempDir private Path home;

  @Test
  void makes_itself_and_its_files_private() throws Exception {
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("a/identity"));
    directory.write("key", "one".getBytes(UTF_8));
    directory.write("key", "two".getBytes(UTF_8));
    assertThat(directory.read("key")).hasValue("two".getBytes(UTF_8));
    assertThat(modeOf(directory.path())).isEqualTo("rwx------");
    assertThat(modeOf(directory.path().resolve("key"))).isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(directory.path())) {
      assertThat(files).containsExactly(directory.path().resolve("key"));
    }
  }

  @Test
  void a_broken_attempt_to_write_does_not_stand_in_the_way() throws Exception {
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("identity"));
    Files.writeString(directory.path().resolve("key.new"), "half of");
    directory.write("key", "whole".getBytes(UTF_8));
    assertThat(directory.read("key")).hasValue("whole".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx-----x"})
  void refuses_a_file_that_others_may_use(String mode) throws Exception {
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("identity"));
    directory.write("key", "secret".getBytes(UTF_8));
    Path file = directory.path().resolve("key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(() -> directory.read("key"))
        .isInstanceOf(RefusedException.class)
        .hasMessageMatching(
            "identity-unsafe: \\S*key may be used by others \\(mode \\d{4}\\); chmod go= .*");
  }

  @Test
  void refuses_a_directory_that_others_may_enter() throws Exception {
    Path path = Files.createDirectory(home.resolve("identity"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(() -> PrivateDirectory.create(path))
        .hasMessageStartingWith("identity-unsafe:");
  }

  @Test
  void refuses_links() throws Exception {
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("identity"));
    directory.write("key", "secret".getBytes(UTF_8));
    Files.createSymbolicLink(directory.path().resolve("link"), Path.of("key"));
    Files.createSymbolicLink(home.resolve("other"), directory.path());
    assertThatThrownBy(() -> directory.read("link")).hasMessageStartingWith("identity-unsafe:");
    assertThatThrownBy(() -> PrivateDirectory.open(home.resolve("other")))
        .hasMessageStartingWith("identity-missing:");
  }

  @Test
  void refuses_what_belongs_to_somebody_else() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("identity"));
    directory.write("key", "secret".getBytes(UTF_8));
    Files.setAttribute(directory.path().resolve("key"), "unix:uid", 12345);
    assertThatThrownBy(() -> directory.read("key"))
        .hasMessageContaining("belongs to uid 12345, this program runs as uid 0");
  }

  @Test
  void a_lock_keeps_other_threads_waiting() throws Exception {
    PrivateDirectory directory = PrivateDirectory.create(home.resolve("identity"));
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> other;
    try (FileGuard _ = directory.lock("agents")) {
      other =
          CompletableFuture.supplyAsync(() -> {
            begun.countDown();
            try (FileGuard _ = directory.lock("agents")) {
              return new String(directory.read("agents").orElseThrow(), UTF_8);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      begun.await();
      directory.write("agents", "written under the lock".getBytes(UTF_8));
    }
    assertThat(other.get()).isEqualTo("written under the lock");
  }

  private static String modeOf(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
