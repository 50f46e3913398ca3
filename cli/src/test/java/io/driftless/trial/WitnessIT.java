package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a pass costs that follows another, and what it finds nevertheless. */
final class WitnessIT extends TwoTrees {
  private static final int FILES = 3000;
  private static final int DIRECTORIES = 20;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("strace", "rsync", "getfacl", "setfacl", "getfattr", "setfattr", "lsattr");
  }

  private static void fill(Path root) {
    new Shell(root)
        .output(
            "bash",
            "-c",
            "for d in $(seq %d); do mkdir d$d; for f in $(seq %d); do echo $d-$f >d$d/f$f; done; done;"
                    .formatted(DIRECTORIES, FILES / DIRECTORIES)
                + " ln d1/f1 d2/link; ln -s f1 d1/sym; mkfifo d3/fifo;"
                + " for i in $(seq 20); do head -c 100K /dev/urandom >d4/m$i; done;"
                + " head -c 3M /dev/urandom >d4/large;"
                + " for d in $(seq 8 13); do cp -al d$d linked-$d; done");
  }

  private static Program.Run sync(TwoHosts hosts) {
    Program.Run run = hosts.onSource("sync", TwoHosts.VOLUME, "--json");
    assertThat(run.out()).as(run.err()).containsPattern("\"outcome\":\"(done|problems)\"");
    return run;
  }

  private static long number(Program.Run run, String name) {
    Matcher matcher = Pattern.compile("\"%s\":(\\d+)".formatted(name)).matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static void requireNoContent(Program.Run run) {
    assertThat(number(run, "filesTransferred")).as(run.out()).isZero();
    assertThat(number(run, "literalBytes")).isZero();
    assertThat(number(run, "wireBytesSent")).isLessThan(64 << 10);
  }

  /** Nothing but the status of each entry is asked for, and of a directory hardly more. */
  private static void requireGlances(Map<String, Long> calls) {
    assertThat(calls.getOrDefault("statx", 0L)).isBetween((long) FILES, 2L * FILES);
    calls.forEach((call, count) -> {
      if (!call.equals("statx")) {
        assertThat(count).as(call).isLessThan(200 + 5 * DIRECTORIES);
      }
    });
  }

  @Test
  @DisplayName(
      "C21, C26, C55, C57, C84: the second pass reads statuses; what changed is found, on either side")
  void a_pass_that_follows_another() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      fill(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        assertThat(number(sync(hosts), "filesTransferred")).isGreaterThan(FILES);
        Judge.assertEqual(from, to);

        secondPass(hosts);
        metadataAlone(hosts, from, to);
        editedInPlace(hosts, from, to);
        changedMeanwhile(hosts, from, to);
        linkedOtherwise(hosts, from, to);
      }
    }
  }

  @Test
  @DisplayName("C54: a store through a mapping into a page that was dirty already is found")
  void stores_into_dirty_pages() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      Path file = Files.write(from.resolve("mapped"), new byte[8192]);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to);
          Arena arena = Arena.ofConfined();
          FileChannel open =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        MemorySegment mapped = open.map(FileChannel.MapMode.READ_WRITE, 0, 8192, arena);
        for (byte value = 1; value <= 5; value++) {
          mapped.set(ValueLayout.JAVA_BYTE, 100, value);
          if (value % 2 == 0) {
            TimeUnit.MILLISECONDS.sleep(50);
          }
          sync(hosts);
          assertThat(Files.readAllBytes(to.resolve("mapped"))[100]).isEqualTo(value);
        }
      }
    }
  }

  private static void linkedOtherwise(TwoHosts hosts, Path from, Path to) {
    new Shell(from)
        .output(
            "bash",
            "-c",
            "ln d8/f1 d9/new; cp -p d8/f2 x; mv x d8/f2; ln -f d8/f3 linked-9/f3;"
                + " rm d10/f1; mv linked-11/f1 d12/moved; echo new >>linked-13/f1");
    assertThat(number(sync(hosts), "filesTransferred")).isBetween(1L, 10L);
    Judge.assertEqual(from, to);
  }

  private void secondPass(TwoHosts hosts) throws Exception {
    Map<String, Long> onSource;
    Map<String, Long> onTarget;
    Program.Run second;
    try (CallCounter there = CallCounter.attach(hosts.sourceAgent().pid(), scratch);
        CallCounter here = CallCounter.attach(hosts.targetAgent().pid(), scratch)) {
      second = sync(hosts);
      onSource = there.end();
      onTarget = here.end();
    }
    requireNoContent(second);
    assertThat(number(second, "wireBytesSent")).isLessThan(8 << 10);
    requireGlances(onSource);
    requireGlances(onTarget);
  }

  private static void metadataAlone(TwoHosts hosts, Path from, Path to) {
    new Shell(from)
        .output(
            "bash",
            "-c",
            "chmod 600 d4/m1 d5/f1; chown 12:34 d4/m2 d4/large; setfacl -m u:77:rw d4/m3;"
                + " setfattr -n user.a -v b d4/m4; touch d4/m5 d4/m6; touch -d 2001-02-03 d4/m7;"
                + " chattr +d d4/m8; chmod 700 d6; mv d7/f1 d7/f1x; mv d7/f1x d7/f1");
    Program.Run run = sync(hosts);
    requireNoContent(run);
    assertThat(number(run, "metadataOnly")).isBetween(10L, 14L);
    Judge.assertEqual(from, to);
    requireNoContent(sync(hosts));
  }

  /** As much as before is written to a file in place, and its mtime is put back. */
  private static void edit(Path root, String file, String text) {
    new Shell(root)
        .output(
            "bash",
            "-c",
            "touch -r %1$s ../ref && printf '%2$s' | dd of=%1$s conv=notrunc status=none && touch -r ../ref %1$s"
                .formatted(file, text));
  }

  private static void editedInPlace(TwoHosts hosts, Path from, Path to) {
    edit(from, "d8/f2", "S");
    edit(from, "d4/large", "S");
    edit(from, "d4/m9", "S");
    new Shell(from).output("chmod", "640", "d4/m9");
    Program.Run there = sync(hosts);
    assertThat(number(there, "filesTransferred")).isEqualTo(3);
    Judge.assertEqual(from, to);

    edit(to, "d9/f3", "T");
    edit(to, "d4/large", "T");
    Program.Run here = sync(hosts);
    assertThat(number(here, "filesTransferred")).isEqualTo(2);
    Judge.assertEqual(from, to);
    requireNoContent(sync(hosts));
  }

  /** Whenever the pass meets what is written meanwhile, the next one leaves nothing. */
  private void changedMeanwhile(TwoHosts hosts, Path from, Path to) {
    Program.Running pass =
        program.start("--home", hosts.sourceHome().toString(), "sync", TwoHosts.VOLUME);
    for (int i = 0; i < 200 && pass.isAlive(); i++) {
      edit(from, "d%d/f%d".formatted(1 + i % DIRECTORIES, 5 + i % 7), Integer.toString(i % 10));
    }
    pass.await(Program.PATIENCE);
    sync(hosts);
    Judge.assertEqual(from, to);
  }

  @Test
  @DisplayName(
      "C20: what can't be carried is told again and moves nothing; lost witnesses cost reading")
  void what_cannot_be_carried() throws Exception {
    try (LoopFileSystem there = LoopFileSystem.in(scratch, Type.XFS);
        LoopFileSystem here = LoopFileSystem.in(scratch, Type.EXT4)) {
      Path from = Files.createDirectory(there.root().resolve("from"));
      Path to = Files.createDirectory(here.root().resolve("to"));
      fill(from);
      new Shell(from)
          .output(
              "bash",
              "-c",
              "setfattr -n user.much -v $(head -c 9000 /dev/zero | tr '\\0' x) d1/f2;"
                  + " touch -d 2480-01-01 d2/f2");
      TwoHosts hosts = TwoHosts.start(program, scratch, from, to);
      try (hosts) {
        requireTold(sync(hosts));
        for (int pass = 2; pass <= 3; pass++) {
          Program.Run again = sync(hosts);
          requireTold(again);
          requireNoContent(again);
          assertThat(number(again, "metadataOnly")).isZero();
          assertThat(number(again, "wireBytesSent")).isLessThan(8 << 10);
        }
        loseWitnesses(hosts, from, to);
      }
    }
  }

  private static void requireTold(Program.Run run) {
    assertThat(number(run, "problemsTotal")).as(run.out()).isEqualTo(2);
    assertThat(run.out()).contains("attribute-no-room", "time-unsupported");
  }

  private static void loseWitnesses(TwoHosts hosts, Path from, Path to) throws IOException {
    hosts.sourceAgent().terminate();
    hosts.targetAgent().terminate();
    String file = "witness-%s.db".formatted(TwoHosts.VOLUME);
    Files.delete(hosts.sourceHome().resolve(file));
    Files.writeString(hosts.targetHome().resolve(file), "this is no database");
    hosts.startTarget();
    hosts.startSource();

    Program.Run run = sync(hosts);
    requireTold(run);
    assertThat(number(run, "literalBytes")).isZero();
    Program.Run next = sync(hosts);
    requireTold(next);
    requireNoContent(next);
    new Shell(from).output("cmp", "d4/large", to.resolve("d4/large").toString());
  }
}
