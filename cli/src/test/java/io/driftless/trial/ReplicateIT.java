package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
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
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A target that follows its source by itself. */
final class ReplicateIT extends TwoTrees {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MEBIBYTES = 600;

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.root();
    Needs.tools("rsync", "perl");
  }

  /** A change of the source, which the target is to follow. */
  private record Step(String what, String script) {}

  private static final Step[] STEPS = {
    new Step("a file", "echo one >f; echo two >d/g"),
    new Step("an edit", "echo three >>f"),
    new Step("an edit with its time restored", "touch -r f ../t; printf 'ONE' >f; touch -r ../t f"),
    new Step("metadata", "chmod 640 f; chown 12:34 d; touch -d 2001-02-03 d/g"),
    new Step("directories with files", "mkdir -p a/b/c; echo x >a/b/c/x; echo y >a/y"),
    new Step("a renamed file", "mv f d/f2"),
    new Step("two files that look alike", "printf ONE >g1; printf TWO >g2; touch -r g1 g2"),
    new Step("one in the place of the other", "mv g2 g1"),
    new Step("a third by an exchange", "printf 333 >g3; touch -r g1 g3; mv g1 g4; mv g3 g1"),
    new Step("links alike", "ln g1 g5; printf 444 >g6; touch -r g1 g6; ln g6 g7; mv g7 g5"),
    new Step("a renamed directory", "mv a/b a2; echo late >a2/c/late"),
    new Step("an exchange", "mv d d.tmp; mv a2 d; mv d.tmp a2"),
    new Step(
        "two directories alike",
        "mkdir p q; echo one >p/f; echo two >q/f; touch -d 2001-01-01 p/f q/f p q"),
    new Step("one in the place of the other", "rm -r p; mv q p"),
    new Step(
        "a link to elsewhere in its place",
        "mkdir r; echo six >r/f; touch -r p/f r/f; rm -r p; mv r p"),
    new Step("links and specials", "ln -s x sym; mkfifo pipe; mknod null c 1 3"),
    new Step("other kinds", "rm sym; mkdir sym; rm a/y; ln -s /etc a/y"),
    new Step("a hard link", "ln d/c/late hard; echo more >>hard"),
    new Step("a broken group", "cp hard h2; mv h2 hard"),
    new Step("a link elsewhere", "mkdir -p far/away; ln a2/g far/away/g; ln far/away/g far/g3"),
    new Step("one of several names goes", "rm far/g3"),
    new Step("an edit through one name", "echo through >>far/away/g"),
    new Step("metadata of all names", "chmod 604 a2/g"),
    new Step("a linked tree", "cp -al d far/copy; echo new >far/copy/own"),
    new Step("a tree with names of others", "mv far/away near"),
    new Step(
        "a name in a directory that is new, and moved at once",
        "mkdir n1; ln hard n1/l; mkdir n2; mv n1 n2/n3"),
    new Step("a name replaced by another of it", "ln -f hard far/copy/own"),
    new Step("all names but one", "rm -r far"),
    new Step("attributes", "setfattr -n user.k -v v a2/g || true; setfacl -m u:9:r a2/g || true"),
    new Step("a large file", "head -c 9M /dev/urandom >big"),
    new Step("a change of it", "echo abc | dd of=big bs=1 seek=5000000 conv=notrunc status=none"),
    new Step("an append", "head -c 100K /dev/urandom >>big"),
    new Step("its rename", "mv big d/big2"),
    new Step("a hole", "fallocate -p -o 1M -l 1M d/big2"),
    new Step("deletions", "rm -r a; rm d/big2 pipe"),
    new Step("a tree from elsewhere", "mkdir -p ../out/t/u; echo o >../out/t/u/o; mv ../out/t ."),
    new Step("a tree that leaves", "mv t ../out/t2"),
    new Step("many files", "mkdir many; for i in $(seq 300); do echo $i >many/$i; done"),
    new Step("log rotation", "for i in 1 2 3; do mv many/1 many/1.$i; echo $i >many/1; done"),
  };

  @Test
  @DisplayName("C50-C53, C55, C61: whatever changes arrives by itself")
  void whatever_changes_arrives_by_itself() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4, MEBIBYTES)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      Files.createDirectory(from.resolve("d"));
      var shell = new Shell(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
        AgentControl control = AgentControl.ofSource(hosts.sourceHome());
        control.awaitQuiet(PATIENCE);
        assertThat(control.volume().get("watcher").getAsString()).isEqualTo("fanotify");
        for (Step step : STEPS) {
          shell.output("bash", "-ec", step.script());
          control.awaitQuiet(PATIENCE);
          try {
            Judge.assertAlike(from, to);
          } catch (AssertionError e) {
            throw new AssertionError("after " + step.what(), e);
          }
        }
        Judge.assertEqual(from, to);
        assertThat(control.volume().getAsJsonObject("lastPass").get("pass").getAsLong())
            .as("passes that it took: a name that the kernel has forgotten may cost one")
            .isLessThan(4);
      }
    }
  }

  @Test
  @DisplayName("C54: what is written through a mapping, and never closed, arrives")
  void stores_through_a_mapping_arrive() throws Exception {
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, Type.EXT4, MEBIBYTES)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      Path file = from.resolve("mapped");
      Files.write(file, new byte[1 << 20]);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to);
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
          Arena arena = Arena.ofConfined()) {
        hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
        AgentControl.ofSource(hosts.sourceHome()).awaitQuiet(PATIENCE);
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 1 << 20, arena);
        for (int i = 1; i <= 2; i++) {
          mapped.set(ValueLayout.JAVA_BYTE, 1000, (byte) i);
          byte wanted = (byte) i;
          if (i == 1) { // asked for; what follows comes by itself, which takes a while
            hosts.onSource("barrier", TwoHosts.VOLUME).expect(0);
          }
          Awaitility.await()
              .atMost(PATIENCE)
              .until(() -> Files.readAllBytes(to.resolve("mapped"))[1000] == wanted);
        }
      }
    }
  }

  @Test
  @DisplayName("C67: a guard holds deletions and lets everything else flow")
  void a_guard_holds_deletions_only() throws Exception {
    SmallFiles.fill(source, 300, 7);
    Files.writeString(source.resolve("keep"), "1");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      control.awaitQuiet(PATIENCE);
      new Shell(source).output("bash", "-ec", "find . -type f ! -name keep -delete");
      Awaitility.await().atMost(PATIENCE).until(() -> state(control).equals("held"));
      Files.writeString(source.resolve("keep"), "2");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> Files.readString(target.resolve("keep")).equals("2"));
      assertThat(state(control)).isEqualTo("held");
      assertThat(hosts.onSource("status").expect(0).out()).contains("would vanish");
      hosts.onSource("sync", TwoHosts.VOLUME, "--allow-deletes").expect(0);
      control.awaitQuiet(PATIENCE);
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("copy --watch follows, and ends with 0 at SIGTERM, once everything is over")
  void a_copy_follows_until_it_is_told_to_end() throws Exception {
    Files.writeString(source.resolve("a"), "1");
    Program.Running copy = program.start("copy", source.toString(), target.toString(), "--watch");
    awaitContent("a", "1");
    Awaitility.await().atMost(PATIENCE).until(() -> copy.err().contains("follows"));
    Files.writeString(source.resolve("a"), "2");
    awaitContent("a", "2");
    for (int i = 0; i < 100; i++) {
      Files.writeString(source.resolve("f" + i), "x" + i);
    }
    copy.terminate();
    assertThat(copy.await(PATIENCE).expect(0).out()).contains("done");
    Judge.assertEqual(source, target);
  }

  private void awaitContent(String name, String content) {
    Path file = target.resolve(name);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(file) && Files.readString(file).equals(content));
  }

  private static String state(AgentControl control) {
    return control.volume().get("state").getAsString();
  }

  @Test
  @DisplayName(
      "C39, C47: agents that are killed while changes flow: equal in the end, and lag is told")
  void killed_agents_catch_up() throws Exception {
    var random = new SplittableRandom(8);
    SmallFiles.fill(source, 200, 8);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
      AgentControl control = AgentControl.ofSource(hosts.sourceHome());
      control.awaitQuiet(PATIENCE);
      for (int kill = 0; kill < 4; kill++) {
        new Shell(source)
            .output(
                "bash",
                "-ec",
                "for i in $(seq 400); do echo %d.$i >c%d.$i; done".formatted(kill, kill % 2));
        if (kill % 2 == 0) {
          hosts.sourceAgent().kill();
          new Shell(source)
              .output("bash", "-ec", "echo while-away >away%d; rm -f c*.7".formatted(kill));
          hosts.startSource();
        } else {
          hosts.targetAgent().kill();
          Thread.sleep(random.nextInt(200));
          hosts.startTarget();
        }
        Files.writeString(source.resolve("after" + kill), "x");
      }
      control.awaitQuiet(PATIENCE);
      Judge.assertEqual(source, target);
      JsonObject volume = control.volume();
      assertThat(volume.get("lagSeconds").getAsDouble()).isZero();
    }
  }
}
