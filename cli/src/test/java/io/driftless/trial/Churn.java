package io.driftless.trial;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A process that changes a volume at random: a tree of its own in every way that there is, and one
 * that it shares with others, whose changes it does not know.
 */
final class Churn {
  private static final int CHANGES_MAX = 20;
  private static final int SHARED_NAMES = 40;
  private static final int PAUSE_MILLIS_MAX = 60;
  private static final int LARGE_BYTES_MAX = 3 << 20;

  private final ConfinedRoot volume;
  private final RandomTree own;
  private final Random random;

  private Churn(ConfinedRoot volume, RandomTree own, Random random) {
    this.volume = volume;
    this.own = own;
    this.random = random;
  }

  /** The command of a process that changes a volume for so many seconds. */
  static List<String> command(Path volume, long seed, int seconds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        Churn.class.getName(),
        volume.toString(),
        String.valueOf(seed),
        String.valueOf(seconds));
  }

  /** Arguments: the volume, the seed, the seconds that it is to take. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[2])).toNanos();
    var random = new Random(seed);
    Path tree = Files.createDirectories(root.resolve("own" + seed));
    Files.createDirectories(root.resolve("shared"));
    try (ConfinedRoot volume = ConfinedRoot.open(root.toString())) {
      var churn = new Churn(volume, new RandomTree(tree, random, RandomTree.Told.ALL), random);
      int rounds = 0;
      while (System.nanoTime() < end) {
        churn.round();
        rounds++;
      }
      System.out.println(rounds + " rounds");
    }
  }

  private void round() throws IOException, InterruptedException {
    own.change(1 + random.nextInt(CHANGES_MAX));
    for (int i = random.nextInt(CHANGES_MAX); i > 0; i--) {
      try (Directory shared = volume.open(TreePath.of("shared"))) {
        changeShared(shared);
      } catch (LinuxException lost) {
        // somebody else was quicker
      }
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS_MAX));
  }

  private Name anyName() {
    return Name.of("n" + random.nextInt(SHARED_NAMES));
  }

  private void changeShared(Directory shared) throws LinuxException {
    switch (random.nextInt(9)) {
      case 0 -> shared.create(anyName(), 0640).close();
      case 1 -> shared.remove(anyName());
      case 2 -> shared.rename(anyName(), shared, anyName(), RenameMode.REPLACE);
      case 3 -> shared.rename(anyName(), shared, anyName(), RenameMode.EXCHANGE);
      case 4 -> shared.link(anyName(), shared, anyName());
      case 5 -> shared.makeDirectory(anyName(), 0750);
      case 6 -> shared.removeDirectory(anyName());
      case 7 -> write(shared, random.nextInt(LARGE_BYTES_MAX), random.nextInt(100_000));
      default -> write(shared, random.nextInt(10_000), random.nextInt(5000));
    }
  }

  /** In place, and perhaps beyond the end. */
  private void write(Directory shared, long offset, int bytes) throws LinuxException {
    try (Arena arena = Arena.ofConfined();
        Fd file = shared.openForWriting(anyName())) {
      file.writeAt(offset, new RandomValues(random).content(arena, bytes));
    }
  }
}
