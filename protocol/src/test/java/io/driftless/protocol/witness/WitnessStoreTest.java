package io.driftless.protocol.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-23T01:02:03Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final long KEY = 77;

  @TempDir private Path directory;

  private WitnessStore open(String identity) {
    return WitnessStore.open(directory.resolve("witness.db"), identity, CLOCK);
  }

  private static ByteBuffer record(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
  }

  private void keep(String identity, long value) {
    try (WitnessStore store = open(identity)) {
      store.put(KEY, record(value));
    }
  }

  @Test
  void what_was_put_is_found_again() {
    keep("volume", 5);
    try (WitnessStore store = open("volume")) {
      assertThat(store.isTrusted()).isTrue();
      assertThat(store.find(KEY)).isEqualTo(record(5));
      assertThat(store.find(KEY + 1)).isNull();
      store.put(KEY, record(6));
      assertThat(store.find(KEY)).isEqualTo(record(6));
      store.remove(KEY);
      assertThat(store.find(KEY)).isNull();
    }
  }

  @Test
  void nobody_else_reads_or_writes_any_of_its_files() throws IOException {
    Path file = Files.createFile(directory.resolve("witness.db"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    try (WitnessStore store = open("volume")) {
      store.put(KEY, record(5));
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files)
            .isNotEmpty()
            .allSatisfy(each ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void another_volume_finds_nothing_and_neither_does_the_first_one_after_it() {
    keep("volume", 5);
    try (WitnessStore store = open("another root")) {
      assertThat(store.find(KEY)).isNull();
    }
    try (WitnessStore store = open("volume")) {
      assertThat(store.find(KEY)).isNull();
    }
  }

  @Test
  void scopes_of_a_directory_are_slices_of_their_own() {
    try (WitnessStore store = open("volume")) {
      TreePath path = TreePath.of("srv/mail");
      assertThat(store.keyOf(path, Scope.ALL)).isEqualTo(store.keyOf(path, new Scope(0, 0)));
      assertThat(store.keyOf(path, new Scope(3, 1)))
          .isNotEqualTo(store.keyOf(path, new Scope(4, 1)))
          .isNotEqualTo(store.keyOf(path, new Scope(3, 2)))
          .isNotEqualTo(store.keyOf(path, Scope.ALL))
          .isNotEqualTo(store.keyOf(TreePath.of("srv"), new Scope(3, 1)));
    }
  }

  @Test
  @DisplayName("C49: nothing is trusted after the clock was set back, once")
  void nothing_is_trusted_after_the_clock_was_set_back() {
    keep("volume", 5);
    Path file = directory.resolve("witness.db");
    InstantSource earlier = InstantSource.fixed(NOW.minusSeconds(60));
    try (WitnessStore store = WitnessStore.open(file, "volume", earlier)) {
      assertThat(store.isTrusted()).isFalse();
      assertThat(store.find(KEY)).isEqualTo(record(5));
    }
    try (WitnessStore store = WitnessStore.open(file, "volume", earlier)) {
      assertThat(store.isTrusted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void a_torn_store_finds_what_was_put_or_nothing(long seed) throws IOException {
    try (WitnessStore store = open("volume")) {
      for (long key = 0; key < 2000; key++) {
        store.put(key, record(key * key));
      }
    }
    var random = new SplittableRandom(seed);
    try (var file = new RandomAccessFile(directory.resolve("witness.db").toFile(), "rw")) {
      for (int i = 0; i < 20; i++) {
        file.seek(random.nextLong(seed == 8 ? 100 : file.length()));
        file.write(random.nextInt(256));
      }
      if (seed == 7) {
        file.setLength(file.length() / 2);
      }
    }
    try (WitnessStore store = open("volume")) {
      for (long key = 0; key < 2000; key++) {
        ByteBuffer found = store.find(key);
        assertThat(found).isIn(null, record(key * key));
      }
    }
    keep("volume", 9);
    try (WitnessStore store = open("volume")) {
      assertThat(store.find(KEY)).isIn(null, record(9));
    }
  }

  @Test
  void what_is_no_store_is_thrown_away() throws IOException {
    Files.writeString(directory.resolve("witness.db"), "this is no database");
    keep("volume", 5);
    try (WitnessStore store = open("volume")) {
      assertThat(store.find(KEY)).isEqualTo(record(5));
    }
  }

  @Test
  void a_place_where_nothing_can_be_kept_keeps_nothing() {
    Path nowhere = directory.resolve("missing/witness.db");
    try (WitnessStore store = WitnessStore.open(nowhere, "volume", CLOCK)) {
      store.put(KEY, record(5));
      assertThat(store.isOpen()).isFalse();
      assertThat(store.find(KEY)).isNull();
    }
  }

  @Test
  void records_of_slices_that_are_no_more_go_in_the_end() {
    try (WitnessStore store = open("volume")) {
      for (long key = 0; key < 3000; key++) {
        store.put(key, record(key));
      }
      store.passEnded(10);
    }
    try (WitnessStore store = open("volume")) {
      for (long key = 0; key < 10; key++) {
        assertThat(store.find(key)).isNotNull();
      }
      store.passEnded(10);
      assertThat(store.find(9)).isEqualTo(record(9));
      assertThat(store.find(10)).isNull();
    }
  }
}
