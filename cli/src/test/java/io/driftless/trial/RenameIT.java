package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What was renamed on the source is renamed on the target. */
final class RenameIT extends TwoTrees {
  private static final int FILES = 2000;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("strace", "rsync", "getfacl", "getfattr", "lsattr");
  }

  private static void run(Path root, String script) {
    new Shell(root).output("bash", "-c", script);
  }

  private static void fill(Path root) {
    run(
        root,
        "mkdir -p many/deep/er other; head -c 3M /dev/urandom >other/large;"
            + " for f in $(seq %d); do echo content $f >many/f$f; done;".formatted(FILES)
            + " for f in $(seq 100); do head -c 20K /dev/urandom >many/deep/er/g$f;"
            + " head -c 5K /dev/urandom >other/h$f; done");
  }

  private static Program.Run sync(TwoHosts hosts) {
    Program.Run run = hosts.onSource("sync", TwoHosts.VOLUME, "--json");
    assertThat(run.out()).as(run.err()).contains("\"outcome\":\"done\"");
    return run;
  }

  private static long number(Program.Run run, String name) {
    Matcher matcher = Pattern.compile("\"%s\":(\\d+)".formatted(name)).matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static void requireNoContent(Program.Run run, long renamed) {
    assertThat(number(run, "filesTransferred")).as(run.out()).isZero();
    assertThat(number(run, "literalBytes")).isZero();
    assertThat(number(run, "filesRenamed")).as(run.out()).isEqualTo(renamed);
  }

  @Test
  @DisplayName("C36: files that were renamed move no content; swaps and cycles come out right")
  void files() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      fill(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        sync(hosts);
        run(from, "mv other/large many/; mv other/h1 other/i1; mv many/f1 ./; chmod 600 f1");
        requireNoContent(sync(hosts), 3);
        Judge.assertEqual(from, to);

        run(from, "mv other/h2 x; mv other/h3 other/h2; mv x other/h3; mv many/* other/ || true");
        run(from, "mkdir -p many; mv other/f[1-9]* many/");
        sync(hosts);
        Judge.assertEqual(from, to);

        requireNoContent(sync(hosts), 0);
      }
    }
  }

  @Test
  @DisplayName("C36: directories that were renamed move no content, however many files they hold")
  void directories() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      fill(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        sync(hosts);
        run(from, "mv many lots");
        Program.Run renamed = sync(hosts);
        requireNoContent(renamed, FILES + 100);
        assertThat(number(renamed, "wireBytesSent")).isLessThan(400 << 10);
        assertThat(number(renamed, "wireBytesReceived")).isLessThan(64 << 10);
        Judge.assertEqual(from, to);
        requireNoContent(sync(hosts), 0);

        run(from, "mkdir new; mv other new/; mv lots/deep new/other/deeper");
        requireNoContent(sync(hosts), 201);
        Judge.assertEqual(from, to);

        run(from, "mkdir both; mv new both/; mv lots both/; cd both; mv lots x; mv new lots");
        requireNoContent(sync(hosts), FILES + 201);
        Judge.assertEqual(from, to);
      }
    }
  }

  @Test
  @DisplayName("C36: what was renamed and changed, swapped, or only looks the same comes out right")
  void changed() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      fill(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        sync(hosts);
        run(
            from,
            "mv many lots; echo more >>lots/f7; rm lots/f8; mv lots/deep lots/d; mv lots/d/er er");
        Program.Run edited = sync(hosts);
        assertThat(number(edited, "filesTransferred")).as(edited.out()).isEqualTo(1);
        Judge.assertEqual(from, to);

        run(from, "mv lots x; mv other lots; mv x other; mv er lots/; mv other/f9 lots/g9");
        sync(hosts);
        Judge.assertEqual(from, to);

        // The same names, lengths and times, another content.
        run(
            from,
            "touch -r other ../ref; cp -a other again; printf X | dd of=again/f11 conv=notrunc status=none;"
                + " touch -r other/f11 again/f11; rm -r other; touch -r ../ref again");
        Program.Run another = sync(hosts);
        assertThat(number(another, "filesTransferred")).as(another.out()).isEqualTo(1);
        Judge.assertEqual(from, to);
      }
    }
  }

  @Test
  @DisplayName("C36, C66: a directory renamed into an empty one loses what it lost meanwhile")
  void intoAnEmptyOne() throws Exception {
    run(
        source,
        "mkdir -p d/sub/gone empty; for i in $(seq 20); do echo $i | tee d/$i >d/sub/f$i; done");
    run(source, "echo 1 >d/sub/gone/f");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      sync(hosts);
      run(source, "rm -r d/sub/gone; mv d empty/e");
      Program.Run renamed = sync(hosts);
      assertThat(number(renamed, "filesRenamed")).as(renamed.out()).isGreaterThan(20);
      assertThat(number(renamed, "entriesDeleted")).isEqualTo(2);
      Judge.assertEqual(source, target);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("C36: a large file that was renamed and edited builds on what it was")
  void renamedAndEdited(Type type) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      run(
          from,
          "mkdir a b; for i in $(seq 20); do echo $i >b/kept$i; done; n=9;"
              + " for f in a/disk.img a/dump-01.sql b/x b/y; do head -c ${n}M /dev/urandom >$f; n=$((n - 1)); done");
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        sync(hosts);
        run(
            from,
            "printf edited | dd of=a/disk.img bs=1 seek=5000000 conv=notrunc status=none; mkdir c;"
                + " mv a/disk.img c/; echo more >>a/dump-01.sql; mv a/dump-01.sql a/dump-02.sql;"
                + " (printf front; cat b/x) >b/other; rm b/x; echo rest >>b/y; mv b/y c/moved");
        Program.Run run = sync(hosts);
        assertThat(number(run, "filesTransferred")).isEqualTo(4);
        assertThat(number(run, "wireBytesSent")).as(run.out()).isLessThan(1 << 20);
        assertThat(number(run, "matchedBytes")).isGreaterThan(29L << 20);
        Judge.assertEqual(from, to);
      }
    }
  }

  @ParameterizedTest(name = "C39: killed {0}")
  @DisplayName("C39: killed while something is renamed, then synchronized again: equal")
  @CsvSource({
    "before a directory is renamed, to,             1",
    "before a file is renamed,      to/other,       1",
    "after a file was renamed,      to/other,       2",
  })
  void killed(String step, String file, int nth) throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      fill(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        sync(hosts);
        run(from, "mv many lots; for i in $(seq 50); do mv other/h$i other/i$i; done");
        hosts.targetAgent().terminate();
        hosts.startTargetUnder(Tracer.killing("renameat2", disk.root().resolve(file), nth));
        Program.Running killed = hosts.startOnSource("sync", TwoHosts.VOLUME);
        hosts.targetAgent().await(Program.PATIENCE);
        hosts.startTarget();
        killed.await(Program.PATIENCE);

        sync(hosts);

        Judge.assertEqual(from, to);
        assertThat(to.resolve(".driftless")).doesNotExist();
      }
    }
  }
}
