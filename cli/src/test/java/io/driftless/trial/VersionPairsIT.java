package io.driftless.trial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Two generations of a real tree, to and fro: this program as it was built, and as a later build of
 * it would be, with all that an upgrade does to files.
 */
final class VersionPairsIT extends TwoTrees {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is new in a generation is less than this part of it. */
  private static final int SHARE = 4;

  /** Some, of all sizes. */
  private static final String JARS = "(bcprov|guava|gson|lz4|logback|netty-common|netty-h).*\\.jar";

  private static final LocalDateTime COMMITTED = LocalDateTime.of(2026, 1, 2, 3, 4, 6);

  private Path older;
  private Path newer;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr");
    older = Files.createDirectory(scratch.resolve("older"));
    newer = Files.createDirectory(scratch.resolve("newer"));
  }

  private enum Generation {
    OLDER("1.0"),
    NEWER("1.1");

    private final String version;

    Generation(String version) {
      this.version = version;
    }
  }

  /** Libraries, classes of our own, their jar, packed and not, and links between them. */
  private static void install(Path root, Generation generation) throws IOException {
    Path lib = Files.createDirectory(root.resolve("lib"));
    for (Path jar : jars()) {
      Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path classes = Path.of("target/classes").toAbsolutePath();
    String jar = "program-%s.jar".formatted(generation.version);
    pack(classes, root.resolve(jar), generation, Deflater.DEFAULT_COMPRESSION);
    pack(classes, root.resolve("program.image"), generation, Deflater.NO_COMPRESSION);
    Files.createSymbolicLink(root.resolve("program.jar"), Path.of(jar));
    run(root, "cp -r %s classes; ln %s latest".formatted(classes, jar));
    if (generation == Generation.NEWER) {
      upgrade(root);
    }
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> found = Files.list(Path.of("target/lib").toAbsolutePath())) {
      return found.filter(path -> path.getFileName().toString().matches(JARS)).sorted().toList();
    }
  }

  /** As a reproducible build does: only what has another content is other. */
  private static void pack(Path from, Path archive, Generation generation, int level)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> walk = Files.walk(from)) {
      zip.setLevel(level);
      int number = 0;
      for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile).sorted()::iterator) {
        var entry = new ZipEntry(from.relativize(file).toString());
        entry.setTimeLocal(COMMITTED);
        zip.putNextEntry(entry);
        zip.write(Files.readAllBytes(file));
        if (number++ % 50 == 7) {
          zip.write(generation.version.repeat(number).getBytes(US_ASCII));
        }
        zip.closeEntry();
      }
    }
  }

  /** Every file is written anew; a library goes, one comes, one moves, one is another. */
  private static void upgrade(Path root) {
    run(
        root,
        "mkdir x; cp -r classes x/; cp -rp lib x/; rm -r classes lib;"
            + " mv x/* .; rmdir x; cd lib; rm lz4*; cp gson* gson-copy.jar; mv guava* guava-33.9.jar;"
            + " head -c 1000 /dev/zero | cat - netty-common* >n; cat n >$(echo netty-common*); rm n;"
            + " cd ..; find classes -name '*Command.class' -exec sed -i 's/driftless/driftlesS/g' {} +;"
            + " rm -r classes/io/driftless/cli/screen; chmod 0640 lib/logback-core*");
  }

  private static void run(Path directory, String script) {
    new Shell(directory).output("bash", "-c", "set -e; " + script);
  }

  @Test
  @DisplayName("C86: a tree that is upgraded and downgraded again is exact, and little travels")
  void to_and_fro() throws IOException {
    install(older, Generation.OLDER);
    install(newer, Generation.NEWER);
    long bytes = size(newer);
    put(older);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      sync(control);

      put(newer);
      long up = sync(control);
      put(older);
      long down = sync(control);
      sync(control); // what was written just before a pass is looked at once more
      long again = sync(control);

      assertThat(up).as("of %d bytes", bytes).isLessThan(bytes / SHARE);
      assertThat(down).as("of %d bytes", bytes).isLessThan(bytes / SHARE);
      assertThat(again).as("what an unchanged tree takes").isLessThan(16 << 10);
    }
  }

  private static long size(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** As an installation from a package would: files and times of it, in the place of the old. */
  private void put(Path generation) {
    run(source, "find . -mindepth 1 -delete; cp -a %s/. .".formatted(generation));
  }

  /** Returns the bytes on the wire, in both directions. */
  private long sync(AgentControl control) {
    JsonObject report = control.await(control.requestSync(), PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
    Judge.assertAlike(source, target);
    return report.get("wireBytesSent").getAsLong() + report.get("wireBytesReceived").getAsLong();
  }
}
