package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.tree.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes that know the slices by their witnesses offer what those see that read everything. */
final class WitnessPassIT {
  private static final int ROUNDS = 40;

  @TempDir private Path temporary;
  private PassFixture volume;
  private Path store;
  private final Map<String, Offer> offered = new ConcurrentSkipListMap<>();

  @BeforeEach
  void open() throws Exception {
    Needs.root();
    Needs.tools("setfacl", "setfattr", "chattr");
    volume = new PassFixture(temporary);
    volume.clock = InstantSource.system(); // what was changed a moment ago is not to be trusted
    store = temporary.resolve("witness.db");
    volume.target.onControl =
        message -> {
          if (message instanceof Offers(List<Offer> offers)) {
            offers.forEach(offer -> offered.put(offer.directory() + " " + offer.scope(), offer));
          }
        };
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private Map<String, Offer> offers(Optional<Path> witnesses) throws Exception {
    offered.clear();
    volume.witnesses = witnesses;
    volume.passCompletes();
    return Map.copyOf(offered);
  }

  private static Map<String, Digest> digests(Map<String, Offer> offers) {
    var digests = new TreeMap<String, Digest>();
    offers.forEach((slice, offer) -> digests.put(slice, offer.digest()));
    return digests;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  @DisplayName("C20, C55: whatever is changed, digests by witness are those of a full reading")
  void digests_are_those_of_a_full_reading(long seed) throws Exception {
    var changes = new RandomChanges(volume.root, seed);
    changes.fill();
    offers(Optional.of(store));
    for (int round = 0; round < ROUNDS; round++) {
      changes.some();
      Map<String, Offer> byWitness = offers(Optional.of(store));
      Map<String, Offer> byReading = offers(Optional.empty());
      assertThat(digests(byWitness))
          .as("seed %d, round %d, after %s", seed, round, changes.last)
          .isEqualTo(digests(byReading));
      assertThat(byWitness.keySet()).isEqualTo(byReading.keySet());
    }
  }

  @Test
  @DisplayName("an offer bears the same witness as long as nothing changes, and another one then")
  void a_witness_changes_with_the_slice() throws Exception {
    volume.clock = () -> Instant.now().plusSeconds(1);
    volume.write("old/file", 10);
    volume.write("new/file", 10);
    offers(Optional.of(store)); // the target has nothing, and is told everything
    Map<String, Offer> before = offers(Optional.of(store));
    Command.run("setfattr", "-n", "user.a", "-v", "b", volume.root.resolve("new/file").toString());

    Map<String, Offer> after = offers(Optional.of(store));

    assertThat(of("old", after)).isEqualTo(of("old", before));
    assertThat(of("new", after)).isNotEqualTo(of("new", before));
    assertThat(after.values()).allMatch(offer -> offer.witness() != Offer.NO_WITNESS);
  }

  private static long of(String directory, Map<String, Offer> offers) {
    return offers.values().stream()
        .filter(offer -> offer.directory().toString().equals(directory))
        .mapToLong(Offer::witness)
        .findFirst()
        .orElseThrow();
  }

  /** Changes of all sorts in a small tree, from a seed. */
  private static final class RandomChanges {
    private final Path root;
    private final SplittableRandom random;
    private final List<String> last = new ArrayList<>();

    RandomChanges(Path root, long seed) {
      this.root = root;
      this.random = new SplittableRandom(seed);
    }

    void fill() throws IOException {
      for (int directory = 0; directory < 6; directory++) {
        for (int file = 0; file < 5; file++) {
          Path path = root.resolve("d%d/f%d".formatted(directory, file));
          Files.createDirectories(path.getParent());
          Files.write(path, bytes(random.nextInt(1, 200)));
        }
      }
    }

    private byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    void some() throws IOException {
      last.clear();
      for (int i = random.nextInt(4); i > 0; i--) {
        Path file = root.resolve("d%d/f%d".formatted(random.nextInt(6), random.nextInt(5)));
        int change = random.nextInt(13);
        last.add(change + " " + root.relativize(file));
        change(change, file);
      }
    }

    private void change(int change, Path file) throws IOException {
      String path = file.toString();
      if (!Files.exists(file)) {
        Files.write(file, bytes(random.nextInt(1, 200)));
        return;
      }
      switch (change) {
        case 0 -> Files.delete(file);
        case 1 -> Command.run("chmod", Integer.toOctalString(random.nextInt(64, 512)), path);
        case 2 -> Command.run("chown", random.nextInt(9) + ":" + random.nextInt(9), path);
        case 3 -> Command.run("setfacl", "-m", "u:%d:r".formatted(random.nextInt(1, 5)), path);
        case 4 -> Command.run("setfacl", "-b", path);
        case 5 -> Command.run("setfattr", "-n", "user.a", "-v", "v" + random.nextInt(), path);
        case 6 -> Command.run("chattr", random.nextBoolean() ? "+d" : "-d", path);
        case 7 ->
            Command.run("setfattr", "-n", "user.b", "-v", "x", file.resolveSibling(".").toString());
        case 8 -> Files.setLastModifiedTime(file, FileTime.fromMillis(random.nextLong(1L << 40)));
        case 9 -> Files.write(file, bytes(random.nextInt(1, 200)));
        case 10 -> rename(file);
        case 11 -> Files.createLink(fresh(file), file);
        default -> edit(file);
      }
    }

    private void rename(Path file) throws IOException {
      Files.move(file, fresh(file));
    }

    private Path fresh(Path file) {
      return file.resolveSibling("n" + random.nextInt());
    }

    private void edit(Path file) throws IOException {
      FileTime modified = Files.getLastModifiedTime(file);
      try (var open = new RandomAccessFile(file.toFile(), "rw")) {
        open.write(random.nextInt(256));
      }
      Files.setLastModifiedTime(file, modified);
    }
  }
}
