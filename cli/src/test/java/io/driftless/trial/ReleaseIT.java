package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A target that is taken over, with and without its source, and given back. */
final class ReleaseIT extends TwoTrees {
  private static final long SEED = 20_261_129;

  /** Everything about a tree that a write would change. */
  private static final String SNAPSHOT =
      "find . -printf '%P %y %m %s %T@ %C@ %i\\0' | sort -z | sha256sum; find . -type f -print0 | sort -z | xargs -0r sha256sum | sha256sum; ls -A";

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr", "sha256sum");
  }

  private String snapshot() {
    return new Shell(target).output("bash", "-c", SNAPSHOT);
  }

  /** A tree that takes seconds to bring. */
  private void fillForAWhile() throws IOException {
    SmallFiles.fill(source, 500, SEED);
    new Shell(source)
        .output(
            "bash",
            "-c",
            "for i in 1 2 3 4; do head -c 60M /dev/zero | openssl enc -aes-128-ctr -pass pass:$i -nosalt 2>/dev/null >large$i; done");
  }

  /** Waits until part of it is there, and part of it is not. */
  private void awaitArrival() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(3))
        .until(() -> Files.isDirectory(target.resolve(".driftless/parts")));
  }

  private static JsonObject lastObject(Program.Run run) {
    List<String> lines = run.out().lines().toList();
    return JsonParser.parseString(lines.getLast()).getAsJsonObject();
  }

  private static Program.Run refused(TwoHosts hosts) {
    Program.Run sync = hosts.onSource("sync", TwoHosts.VOLUME);
    assertThat(sync.expect(4).err())
        .startsWith("error: released: www: volume www was released on the target at ")
        .contains("driftless target reclaim www");
    return sync;
  }

  @Test
  @DisplayName("a release during a pass: nothing is written once the command has answered")
  void a_release_ends_a_running_pass() throws Exception {
    fillForAWhile();
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      Program.Running seed = hosts.startOnSource("seed", TwoHosts.VOLUME);
      awaitArrival();

      // At once, without a process that has to start.
      JsonObject answer = AgentControl.ofTarget(hosts.targetHome()).release("the old host burns");
      String before = snapshot();

      assertThat(answer.get("cut").getAsBoolean()).isTrue();
      Program.Run release = hosts.onTarget("target", "release", TwoHosts.VOLUME);
      assertThat(release.expect(0).out())
          .startsWith("www is released: old may not write to it\n")
          .contains("reason:    the old host burns")
          .contains("current:   no pass has brought over everything yet")
          .contains("after it:  pass 1, which began ")
          .contains("was cut at ");
      assertThat(seed.await(Program.PATIENCE).expect(4).err()).contains("error: released: www: ");
      assertThat(target.resolve(".driftless")).doesNotExist();
      refused(hosts);
      Thread.sleep(1000);
      assertThat(snapshot()).isEqualTo(before);

      assertThat(hosts.onTarget("status").expect(0).out())
          .contains("1 of 1 volume released")
          .contains("www  released since ")
          .contains(": the old host burns");
      assertThat(hosts.onSource("status").expect(0).out())
          .contains("connected")
          .contains("www  released since ");
      assertThat(hosts.onTarget("target", "volume", "list").expect(0).out())
          .contains("released since ")
          .contains(", the old host burns");
    }
  }

  @Test
  @DisplayName(
      "a release holds with the source down, over a restart of both, and other volumes go on")
  void a_release_outlives_restarts() throws Exception {
    Path from = Files.createDirectory(scratch.resolve("from"));
    Path to = Files.createDirectory(scratch.resolve("to"));
    Files.writeString(from.resolve("file"), "content");
    SmallFiles.fill(source, 50, SEED);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onTarget("target", "volume", "add", "more=" + to).expect(0);
      String token =
          hosts
              .onTarget("target", "invite", "--agent", "old", "--volume", "more")
              .expect(0)
              .out()
              .strip();
      hosts
          .onSource("source", "join", token, "--name", "old", "--volume", "more=" + from)
          .expect(0);
      hosts.onSource("seed", "--all").expect(0);
      hosts.sourceAgent().kill();

      JsonObject answer =
          lastObject(hosts.onTarget("target", "release", "old/www", "--json").expect(0));
      assertThat(answer.get("released").getAsBoolean()).isTrue();
      assertThat(answer.get("cut").getAsBoolean()).isFalse();
      JsonObject whole = answer.getAsJsonObject("wholePass");
      assertThat(whole.get("pass").getAsLong()).isEqualTo(1);
      assertThat(whole.get("source").getAsString()).isEqualTo("old");
      assertThat(whole.get("problemsTotal").getAsLong()).isZero();
      String before = snapshot();
      hosts.targetAgent().kill();
      hosts.startTarget();
      Files.writeString(source.resolve("late"), "late");
      Files.writeString(from.resolve("late"), "late");
      hosts.startSource();

      refused(hosts);
      hosts.onSource("sync", "more").expect(0);
      assertThat(to.resolve("late")).hasContent("late");
      assertThat(hosts.onSource("sync", TwoHosts.VOLUME, "-n").exitCode()).isEqualTo(4);
      assertThat(snapshot()).isEqualTo(before);
      hosts.sourceAgent().terminate();
      hosts.startSource();
      assertThat(hosts.onSource("status", "--json").expect(0).out())
          .contains("\"state\":\"released\"");
      refused(hosts);

      assertThat(hosts.onTarget("target", "release", "--all").expect(0).out())
          .contains("www is released: old may not write to it")
          .contains("more is released: old may not write to it");
      assertThat(hosts.onSource("sync", "--all").exitCode()).isEqualTo(4);
      assertThat(snapshot()).isEqualTo(before);
    }
  }

  @Test
  @DisplayName("a volume that nobody wrote to is given back without a word, again and again")
  void what_is_untouched_is_given_back() throws IOException {
    SmallFiles.fill(source, 50, SEED);
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      for (int round = 1; round <= 2; round++) {
        hosts.onTarget("target", "release", TwoHosts.VOLUME).expect(0);
        hosts.onTarget("target", "release", TwoHosts.VOLUME).expect(0);
        refused(hosts);
        Files.writeString(source.resolve("new"), "new " + round);

        assertThat(hosts.onTarget("target", "reclaim", TwoHosts.VOLUME).expect(0).out())
            .startsWith("www is reclaimed: old may write to it again\n")
            .contains("written:   nothing since ");
        hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
        Judge.assertEqual(source, target);
      }
      assertThat(hosts.onTarget("target", "reclaim", TwoHosts.VOLUME).expect(0).out())
          .isEqualTo("www is not released: its source may write to it\n");
    }
  }

  @Test
  @DisplayName("what was written to a released volume is told, and goes only when that is wanted")
  void what_was_written_is_told_and_replaced() throws IOException {
    SmallFiles.fill(source, 50, SEED);
    Files.writeString(source.resolve("edited"), "edited");
    Files.writeString(source.resolve("removed"), "removed");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      hosts.onTarget("target", "release", TwoHosts.VOLUME).expect(0);
      new Shell(target)
          .output(
              "bash",
              "-ec",
              "touch -r edited ../ref; printf X | dd of=edited conv=notrunc status=none;"
                  + " touch -r ../ref edited; rm removed; mkdir new; for i in $(seq 300); do echo $i >new/$i; done");

      Program.Run without = hosts.onTarget("target", "reclaim", TwoHosts.VOLUME);
      assertThat(without.expect(4).err())
          .startsWith("error: written-since-release: www: 303 entries were created or changed")
          .contains("--discard-changes")
          .contains("changed  edited  (file, ")
          .contains("created  new  (directory, ")
          .contains("and 283 more; --json lists all");
      Program.Run listed = hosts.onTarget("target", "reclaim", TwoHosts.VOLUME, "--json");
      assertThat(listed.expect(4).out().lines().filter(line -> line.contains("changedAt")))
          .hasSize(303);
      assertThat(lastObject(listed).get("entriesCreated").getAsLong()).isEqualTo(301);
      refused(hosts);

      assertThat(
              hosts
                  .onTarget("target", "reclaim", TwoHosts.VOLUME, "--discard-changes")
                  .expect(0)
                  .out())
          .startsWith("www is reclaimed: old may write to it again\n");
      assertThat(hosts.onSource("sync", TwoHosts.VOLUME).expect(4).err())
          .startsWith("error: too-many-deletes: www: 301 entries would vanish");
      hosts.onSource("sync", TwoHosts.VOLUME, "--allow-deletes=301").expect(0);
      assertThat(target.resolve("edited")).hasContent("edited");
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("a content whose time was put back is found after a release by owners' names, too")
  void nothing_written_is_taken_for_equal() throws IOException {
    Files.writeString(source.resolve("edited"), "edited");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.sourceAgent().terminate();
      new Shell(hosts.sourceHome())
          .output("bash", "-ec", "sed -i '/^root = /a owners = \"name\"' agent.toml");
      hosts.startSource();
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      hosts.onTarget("target", "release", TwoHosts.VOLUME).expect(0);
      new Shell(target)
          .output(
              "bash",
              "-ec",
              "touch -r edited ../ref; printf X | dd of=edited conv=notrunc status=none; touch -r ../ref edited");
      hosts.onTarget("target", "reclaim", TwoHosts.VOLUME, "--discard-changes").expect(0);

      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      assertThat(target.resolve("edited")).hasContent("edited");
    }
  }

  private static void awaitState(TwoHosts hosts, String state) {
    AgentControl source = AgentControl.ofSource(hosts.sourceHome());
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> source.volume().get("state").getAsString().equals(state));
  }

  @Test
  @DisplayName(
      "a source that is followed hears of a release, and passes through all after a reclaim")
  void a_followed_source_begins_anew() throws IOException {
    SmallFiles.fill(source, 50, SEED);
    Files.writeString(source.resolve("edited"), "edited");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
      awaitState(hosts, "replicating");
      Files.writeString(source.resolve("followed"), "followed");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(target.resolve("followed")));

      assertThat(hosts.onTarget("target", "release", TwoHosts.VOLUME).expect(0).out())
          .contains("current:   all that old had when pass ");
      String before = snapshot();
      awaitState(hosts, "released");
      Files.writeString(source.resolve("late"), "late");
      refused(hosts);
      assertThat(snapshot()).isEqualTo(before);
      new Shell(target)
          .output(
              "bash",
              "-ec",
              "touch -r edited ../ref; printf X | dd of=edited conv=notrunc status=none; touch -r ../ref edited; rm followed");

      hosts.onTarget("target", "reclaim", TwoHosts.VOLUME, "--discard-changes").expect(0);
      // What changed while it was released is shipped after the pass that brought it.
      AgentControl.ofSource(hosts.sourceHome()).awaitQuiet(FollowedVolume.PATIENCE);
      assertThat(target.resolve("edited")).hasContent("edited");
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("both commands do without a running agent, and what a killed one left is tied up")
  void no_agent_is_needed() throws Exception {
    fillForAWhile();
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.startOnSource("seed", TwoHosts.VOLUME);
      awaitArrival();
      hosts.targetAgent().kill();
      assertThat(target.resolve(".driftless")).exists();

      assertThat(hosts.onTarget("target", "release", TwoHosts.VOLUME).expect(0).out())
          .startsWith("www is released: old may not write to it\n")
          .contains("was cut with the agent");
      assertThat(target.resolve(".driftless")).doesNotExist();
      String before = snapshot();
      hosts.startTarget();
      awaitState(hosts, "released");
      assertThat(snapshot()).isEqualTo(before);

      hosts.targetAgent().terminate();
      hosts.onTarget("target", "reclaim", TwoHosts.VOLUME).expect(0);
      hosts.startTarget();
      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      Judge.assertEqual(source, target);
    }
  }

  @Test
  @DisplayName("a wrong name changes nothing, and each is told")
  void wrong_names_are_told() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      for (int round = 1; round <= 2; round++) {
        assertThat(hosts.onTarget("target", "release", "www", "mail").expect(2).err())
            .isEqualTo("error: unknown-volume: no volume is called mail; known: www\n");
        assertThat(hosts.onTarget("target", "reclaim", "other/www").expect(2).err())
            .isEqualTo("error: unknown-volume: no volume is called other/www; known: www\n");
        assertThat(hosts.onTarget("target", "release").expect(2).err())
            .startsWith("error: usage: which volumes?");
        assertThat(hosts.onTarget("target", "volume", "list").expect(0).out())
            .doesNotContain("released");
        hosts.targetAgent().terminate();
      }
    }
  }

  @Test
  @DisplayName("a copy of a source is sent away while the original is connected, and told of")
  void a_clone_is_told_of() throws IOException {
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
      Path copy = scratch.resolve("ch");
      new Shell(scratch).output("bash", "-ec", "cp -a sh ch; rm -f ch/control.sock ch/agent.lock");
      Program.Running clone = program.start("--home", copy.toString(), "source", "run");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> hosts.onTarget("status").out().contains("cloned-identity"));

      assertThat(hosts.onTarget("status").expect(0).out())
          .contains("an agent needs you")
          .contains("old  cloned-identity since ")
          .contains("another process with its identity was sent away ");
      assertThat(hosts.onTarget("target", "agents", "--json").expect(0).out())
          .contains("\"guard\":\"cloned-identity\"");
      assertThat(program.run("--home", copy.toString(), "status").out())
          .contains("agent old is connected already, from another process");
      hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
      clone.terminate();
    }
  }
}
