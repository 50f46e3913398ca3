package io.driftless.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.JsonText;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A volume that is verified while its target follows. */
final class VerifyBesideIT extends TwoTrees {
  private static final int QUIET_FILES = 40;
  private static final int QUIET_BYTES = 256 * 1024;
  private static final int CHURNED = 60;

  /** Where a pass settles doubt meanwhile, changes wait for it. */
  private static final Duration LAG_MAX = Duration.ofSeconds(20);

  private static final Duration MEDIAN_LAG_MAX = Duration.ofSeconds(1);

  private final long seed = Long.getLong("driftless.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private void fill(Path from) throws IOException {
    Path quiet = Files.createDirectory(from.resolve("quiet"));
    byte[] content = new byte[QUIET_BYTES];
    for (int i = 0; i < QUIET_FILES; i++) {
      random.nextBytes(content);
      Files.write(quiet.resolve("f" + i), content);
    }
    Files.createLink(quiet.resolve("linked"), quiet.resolve("f1"));
    for (int directory = 0; directory < 3; directory++) {
      Path busy = Files.createDirectories(from.resolve("churn/d" + directory));
      for (int i = 0; i < CHURNED; i++) {
        write(busy.resolve("f" + i), "content");
        if (i % 3 == 0) {
          Files.createLink(busy.resolve("l" + i), busy.resolve("f" + i));
        }
      }
    }
  }

  /** What may be done to a volume meanwhile. */
  private enum Churn {
    /** What is told name by name, as good as always. */
    TOLD,
    /** The loss of names of files that have others, too, which leaves doubt. */
    ALL
  }

  private Path any(Path churn, Churn kind) {
    boolean isLinked = kind == Churn.ALL && random.nextInt(3) == 0;
    String name = (isLinked ? "l" : "f") + (1 + 3 * random.nextInt(CHURNED / 3));
    return churn.resolve("d" + random.nextInt(3)).resolve(name);
  }

  /** One change, in one of the ways that there are. */
  private void change(Path churn, Churn kind) throws IOException {
    Path here = any(churn, kind);
    Path there = any(churn, kind);
    try {
      switch (random.nextInt(kind == Churn.ALL ? 11 : 9)) {
        case 0 -> write(here, "new content");
        case 1 -> Files.move(here, there, StandardCopyOption.REPLACE_EXISTING);
        case 2 -> Files.createLink(churn.resolve("new" + random.nextInt()), shared(churn));
        case 3 -> Files.delete(here);
        case 4 -> Files.setLastModifiedTime(here, FileTime.fromMillis(random.nextInt()));
        case 5 -> swapDirectories(churn);
        case 6 -> bringDirectory(churn.resolve("made" + random.nextInt()));
        case 7 -> Files.createSymbolicLink(there, Path.of("somewhere"));
        case 8 -> append(shared(churn));
        case 9 -> Files.createLink(there, here);
        default -> new Shell(churn).output("bash", "-c", "rm -rf $(ls -d made* | head -n 1)");
      }
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      write(there, "instead");
    }
  }

  /** No two files are to have the same size and time, which a later one may be told by. */
  private void write(Path file, String text) throws IOException {
    Files.writeString(file, text + " " + random.nextInt() + ".".repeat(random.nextInt(2000)));
  }

  /** A file that has several names. */
  private Path shared(Path churn) {
    String name = (random.nextBoolean() ? "l" : "f") + 3 * random.nextInt(CHURNED / 3);
    return churn.resolve("d" + random.nextInt(3)).resolve(name);
  }

  private void append(Path file) throws IOException {
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(out.length());
      out.write(random.nextInt());
    }
  }

  private static void swapDirectories(Path churn) throws IOException {
    Path aside = churn.resolve("aside");
    Files.move(churn.resolve("d0"), aside);
    Files.move(churn.resolve("d1"), churn.resolve("d0"));
    Files.move(aside, churn.resolve("d1"));
  }

  private static void bringDirectory(Path made) throws IOException {
    for (int i = 0; i < 5; i++) {
      Path below = Files.createDirectories(made.resolve("below" + i));
      Files.writeString(below.resolve("file"), "made");
    }
    Files.move(made.resolve("below0"), made.resolve("moved"));
  }

  /** What a probe takes to be on the target. */
  private static Duration probe(FollowedVolume volume, String text)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Files.writeString(volume.from().resolve("probe"), text);
    Path arriving = volume.to().resolve("probe");
    Duration waited = Duration.ZERO;
    while (waited.compareTo(LAG_MAX) < 0
        && !(Files.exists(arriving) && Files.readString(arriving).equals(text))) {
      TimeUnit.MILLISECONDS.sleep(5);
      waited = Duration.ofNanos(System.nanoTime() - began);
    }
    return waited;
  }

  private static void flip(Path file) throws IOException {
    FileTime modified = Files.getLastModifiedTime(file);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(QUIET_BYTES / 2);
      int before = out.read();
      out.seek(QUIET_BYTES / 2);
      out.write(before ^ 1);
    }
    Files.setLastModifiedTime(file, modified);
  }

  private static void pace(FollowedVolume volume, String rate) throws IOException {
    for (Path home : List.of(volume.hosts().sourceHome(), volume.hosts().targetHome())) {
      Path additions = Files.createDirectories(home.resolve("conf.d"));
      Files.writeString(
          additions.resolve("10-disk.toml"), "[throttle]\ndisk = \"%s\"\n".formatted(rate));
    }
    volume.hosts().onSource("reload").expect(0);
    volume.hosts().onTarget("reload").expect(0);
  }

  /** Verifies while the volume changes; returns what was found. */
  private List<String> verify(FollowedVolume volume, Churn kind) throws Exception {
    Path report = scratch.resolve("report.jsonl");
    Program.Running verification =
        volume
            .hosts()
            .startOnSource("verify", TwoHosts.VOLUME, "--content", "--report", report.toString());
    var lags = new ArrayList<Duration>();
    for (int round = 0; verification.isAlive(); round++) {
      for (int i = random.nextInt(8); i > 0; i--) {
        change(volume.from().resolve("churn"), kind);
      }
      Duration lag = probe(volume, kind + " " + round);
      JsonObject now = volume.control().volume();
      if (isVerifying(now)) {
        lags.add(lag);
        assertThat(now.get("state").getAsString())
            .as("seed %d", seed)
            .isIn("replicating", "catching-up");
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
    }
    verification.await(Program.PATIENCE).expect(1);
    assertThat(lags).as("seed %d", seed).hasSizeGreaterThan(1);
    lags.sort(null);
    assertThat(lags.getLast()).as("seed %d: %s", seed, lags).isLessThan(LAG_MAX);
    assertThat(lags.get(lags.size() / 2)).as("seed %d: %s", seed, lags).isLessThan(MEDIAN_LAG_MAX);
    List<String> found = differences(report);
    return found.stream().filter(each -> !each.endsWith(" busy")).toList();
  }

  private static boolean isVerifying(JsonObject volume) {
    return volume.get("running").isJsonObject()
        && volume.getAsJsonObject("running").get("purpose").getAsString().startsWith("verify");
  }

  @Test
  @DisplayName("C79, C80: changes arrive while a volume is verified, and only what differs is told")
  void changes_arrive_while_a_volume_is_verified() throws Exception {
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      fill(volume.from());
      volume.follow();
      pace(volume, "2m/s");
      flip(volume.to().resolve("quiet/f7"));

      long passes = passesOf(volume);
      List<String> found = verify(volume, Churn.TOLD);
      for (int i = 8; passesOf(volume) > passes && i < 12; i++) { // it has been mended
        flip(volume.to().resolve("quiet/f" + i));
        passes = passesOf(volume);
        found = verify(volume, Churn.TOLD);
      }
      assertThat(found).as("seed %d", seed).hasSize(1).allMatch(this::isFlipped);

      assertThat(verify(volume, Churn.ALL)).as("seed %d", seed).allMatch(this::isFlipped);
      pace(volume, "unlimited");
      volume.hosts().onSource("verify", TwoHosts.VOLUME, "--content", "--repair").expect(0);
      volume.assertBarrierMakesEqual();
    }
  }

  /** A pass that settles doubt mends what others have written to. */
  private static long passesOf(FollowedVolume volume) {
    return volume.control().volume().getAsJsonObject("lastPass").get("pass").getAsLong();
  }

  private boolean isFlipped(String difference) {
    return difference.matches("quiet/f[0-9]+ content");
  }

  private static List<String> differences(Path report) throws IOException {
    return Files.readAllLines(report, UTF_8).stream()
        .skip(1)
        .map(JsonText::parse)
        .map(Fields::new)
        .map(each -> each.text("path") + " " + each.text("difference"))
        .sorted()
        .toList();
  }
}
