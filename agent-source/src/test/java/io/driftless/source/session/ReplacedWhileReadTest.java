package io.driftless.source.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.source.session.FakeReplica.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that lead to something else each time that a pass looks at the clock while it reads. */
@DisplayName("C53: what is replaced while it is read")
final class ReplacedWhileReadTest {
  private static final int MIB = 1 << 20;

  @TempDir Path temporary;
  private PassFixture volume;
  private Path outside;
  private Path file;
  private int version;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
    outside = Files.createDirectory(temporary.resolve("outside"));
    file = volume.root.resolve("name");
    volume.write("neighbour", 1000);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private interface Step {
    void run() throws IOException;
  }

  private void whenever(Step step) {
    volume.clock =
        () -> {
          try {
            step.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return Instant.now().plusSeconds(1);
        };
  }

  /** Every version is one byte again and again, and another length. */
  private synchronized Path nextVersion(int bytes) throws IOException {
    version++;
    byte[] content = new byte[bytes + version % 100];
    Arrays.fill(content, (byte) version);
    return Files.write(outside.resolve("v" + version), content);
  }

  private synchronized void replace(int bytes) throws IOException {
    Files.move(nextVersion(bytes), file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void nextPassIsExact() throws Exception {
    volume.clock = () -> Instant.now().plusSeconds(1);
    volume.passCompletes();
    volume.targetEqualsDirectory();
    volume.nothingIsLeft();
  }

  @ParameterizedTest(name = "C53: a file of {0} bytes that is replaced by rename")
  @ValueSource(ints = {100, 200_000})
  void a_small_file_is_one_of_its_versions(int bytes) throws Exception {
    replace(bytes);
    whenever(() -> replace(bytes));

    volume.passCompletes();

    Node node = requireNonNull(volume.target.replica.node("name"));
    byte[] content = requireNonNull(node.content);
    byte[] whole = new byte[content.length];
    Arrays.fill(whole, content[0]);
    assertThat(version).as("versions").isGreaterThan(3);
    assertThat(content).isEqualTo(whole);
    nextPassIsExact();
  }

  @Test
  @DisplayName("C53: a large file that is replaced by rename is no mix that counts as whole")
  void a_large_file_is_no_unnoticed_mix() throws Exception {
    replace(4 * MIB);
    whenever(() -> replace(4 * MIB));

    volume.pass();

    assertThat(requireNonNull(volume.target.replica.node("name")).busy).isTrue();
    nextPassIsExact();
  }

  @ParameterizedTest(name = "C53: a file of {0} bytes that is a directory now and then")
  @ValueSource(ints = {100, 4 * MIB})
  void a_file_that_becomes_a_directory(int bytes) throws Exception {
    replace(bytes);
    Path directory = Files.createDirectory(outside.resolve("directory"));
    Files.writeString(directory.resolve("inside"), "x");
    whenever(() -> exchange(directory, bytes));

    assertThat(volume.pass()).isInstanceOf(PassEnding.Complete.class);

    assertThat(volume.target.breaches).isEmpty();
    assertThat(requireNonNull(volume.target.replica.node("neighbour")).content).hasSize(1000);
    if (Files.isDirectory(file)) {
      exchange(directory, bytes);
    }
    volume.clock = () -> Instant.now().plusSeconds(1);
    volume.passCompletes();
    assertThat(requireNonNull(volume.target.replica.node("name")).content)
        .isEqualTo(Files.readAllBytes(file));
    volume.nothingIsLeft();
  }

  private synchronized void exchange(Path directory, int bytes) throws IOException {
    if (Files.isDirectory(file)) {
      Files.move(file, directory);
      Files.move(nextVersion(bytes), file);
    } else {
      Files.delete(file);
      Files.move(directory, file);
    }
  }
}
