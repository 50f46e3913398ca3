package io.driftless.source.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.driftless.source.session.FakeReplica.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentPassIT {
  private static final int MIB = 1 << 20;

  @TempDir Path temporary;
  private PassFixture volume;

  @BeforeEach
  void open() throws Exception {
    volume = new PassFixture(temporary);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  @Test
  void holes_of_small_files_are_told_and_not_sent() throws Exception { // C38
    sparse("small", 200_000, 100_000);

    volume.passCompletes();

    Node small = requireNonNull(volume.target.replica.node("small"));
    assertThat(small.holes).isNotEmpty();
    assertThat(volume.target.replica.contentBytes).isLessThanOrEqualTo(8192);
    volume.targetEqualsDirectory();
    volume.nothingIsLeft();
  }

  @Test
  void holes_of_large_files_are_skipped_over() throws Exception { // C38
    sparse("large", 64 * MIB, 20 * MIB);

    volume.passCompletes();

    assertThat(volume.target.replica.segments).isLessThanOrEqualTo(4);
    assertThat(volume.target.replica.contentBytes).isLessThanOrEqualTo(8192);
    volume.targetEqualsDirectory();
    volume.nothingIsLeft();
  }

  @Test
  void blocks_that_the_target_has_staged_are_matched() throws Exception {
    Path file = volume.write("large", 4 * MIB);
    volume.passCompletes();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 300_000);
    }

    volume.passCompletes();

    assertThat(volume.target.replica.matchedBytes).isEqualTo(MIB - 64 * 1024);
    volume.targetEqualsDirectory();
  }

  @Test
  void empty_files_and_files_at_the_limit_of_inline_content_arrive() throws Exception {
    volume.write("empty", 0);
    volume.write("limit", 256 * 1024);
    volume.write("beyond", 256 * 1024 + 1);
    volume.write("segment", MIB);
    volume.write("segment+1", MIB + 1);

    volume.passCompletes();

    assertThat(volume.target.replica.segments).isEqualTo(4);
    volume.targetEqualsDirectory();
  }

  @Test
  void a_small_file_that_never_holds_still_arrives_as_busy() throws Exception { // B22
    Path file = volume.write("hot", 100_000);
    volume.clock = whenever(() -> Files.write(file, new byte[] {1}, StandardOpenOption.APPEND));

    volume.passCompletes();

    Node hot = requireNonNull(volume.target.replica.node("hot"));
    assertThat(hot.busy).isTrue();
    assertThat(hot.metadata().sizeBytes()).isEqualTo(requireNonNull(hot.content).length);
    volume.nothingIsLeft();
  }

  @Test
  void a_file_that_is_cut_each_time_it_is_read_ends_where_the_reading_did() throws Exception {
    Path file = volume.write("cut", 100_000);
    volume.clock = whenever(() -> cut(file, 10_000));

    volume.passCompletes();

    Node cut = requireNonNull(volume.target.replica.node("cut"));
    assertThat(cut.busy).isTrue();
    assertThat(cut.metadata().sizeBytes()).isPositive();
    assertThat(cut.content).isEqualTo(Files.readAllBytes(file));
    volume.nothingIsLeft();
  }

  @Test
  void a_file_with_holes_that_is_cut_each_time_it_is_read_stays_whole() throws Exception {
    sparse("cut", 200_000, 100_000);
    Path file = volume.root.resolve("cut");
    volume.clock = whenever(() -> cut(file, 8192));

    volume.passCompletes();

    assertThat(requireNonNull(volume.target.replica.node("cut")).busy).isTrue();
    volume.nothingIsLeft();
  }

  @Test
  void a_large_file_that_changes_while_it_is_read_shows_it() throws Exception { // B22
    Path file = volume.write("hot", 4 * MIB);
    volume.clock = whenever(() -> Files.write(file, new byte[] {1}, StandardOpenOption.APPEND));

    volume.pass();

    assertThat(requireNonNull(volume.target.replica.node("hot")).busy).isTrue();
    volume.nothingIsLeft();
  }

  private static void cut(Path file, int bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Math.max(1, channel.size() - bytes));
    }
  }

  private interface Mutation {
    void run() throws IOException;
  }

  /** A clock that mutates a file whenever it is looked at: between looking and reading. */
  private static InstantSource whenever(Mutation mutation) {
    return () -> {
      try {
        mutation.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Instant.now().plusSeconds(1);
    };
  }

  @Test
  void files_that_grow_shrink_and_vanish_meanwhile_do_no_harm() throws Exception { // B22, C50-C52
    for (int i = 0; i < 300; i++) {
      volume.write("steady/f" + i, 1000 + i);
    }
    Path mutating = Files.createDirectories(volume.root.resolve("mutating"));
    volume.clock = InstantSource.system();
    PassEnding ending;
    try (var _ = new Mutator(mutating)) {
      ending = volume.pass();
    }

    assertThat(volume.target.breaches).isEmpty();
    assertThat(ending).isInstanceOf(PassEnding.Complete.class);
    volume.clock = () -> Instant.now().plusSeconds(1);
    volume.passCompletes();
    for (int i = 0; i < 300; i++) {
      Path file = volume.root.resolve("steady/f" + i);
      assertThat(requireNonNull(volume.target.replica.node("steady/f" + i)).content)
          .isEqualTo(Files.readAllBytes(file));
    }
    volume.nothingIsLeft();
  }

  private void sparse(String name, long size, long dataAt) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            volume.root.resolve(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {9}), size - 1);
      channel.truncate(size - 1);
      channel.write(ByteBuffer.wrap("data".getBytes(UTF_8)), dataAt);
      channel.write(ByteBuffer.wrap(new byte[] {7}), size - 1);
    }
  }

  /** Makes, grows, cuts, renames and removes files all the time. */
  private static final class Mutator implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    Mutator(Path directory) {
      thread = Thread.ofPlatform().start(() -> mutate(directory));
    }

    private void mutate(Path directory) {
      var random = new SplittableRandom(42);
      int inARow = 0;
      while (!stopped.get()) {
        inARow = mutated(directory, random) ? 0 : inARow + 1;
        assertThat(inARow).as("mutations that failed").isLessThan(10_000);
      }
    }

    /** False where it was there already, or was not there: both are wanted. */
    private static boolean mutated(Path directory, SplittableRandom random) {
      Path file = directory.resolve("m" + random.nextInt(50));
      try {
        switch (random.nextInt(5)) {
          case 0 -> Files.deleteIfExists(file);
          case 1 -> Files.write(file, new byte[random.nextInt(300_000)]);
          case 2 -> Files.write(file, new byte[10], StandardOpenOption.APPEND);
          case 3 -> Files.createDirectories(file);
          default -> Files.move(file, directory.resolve("m" + random.nextInt(50)));
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      stopped.set(true);
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }
}
