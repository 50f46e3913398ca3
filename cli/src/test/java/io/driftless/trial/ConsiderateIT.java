package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.linux.ThisProcess.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What the other work of the hosts notices of a pass: as little as was asked for. */
final class ConsiderateIT extends TwoTrees {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long HOT_BYTES = 40 * 16384 + (4 << 20);

  private static final String FILL =
      """
      mkdir hot cold cold/small
      head -c 4M /dev/urandom >hot/large
      head -c 18M /dev/urandom >cold/large; head -c 12M /dev/urandom >cold/other
      for i in $(seq 40); do head -c 16384 cold/large >hot/$i; done
      for i in $(seq 200); do head -c $((i * 100)) cold/other >cold/small/$i; done
      """;

  private void configure(TwoHosts hosts, Path home, String... lines) throws IOException {
    Path additions = Files.createDirectories(home.resolve("conf.d"));
    Files.writeString(
        additions.resolve("10-throttle.toml"), "[throttle]\n" + String.join("\n", lines) + "\n");
    (home.equals(hosts.sourceHome()) ? AgentControl.ofSource(home) : AgentControl.ofTarget(home))
        .reload();
  }

  /** Runs a pass, and tells how many seconds it took. */
  private static double seconds(AgentControl control) {
    JsonObject report = control.await(control.requestSync(), PATIENCE);
    assertThat(AgentControl.outcome(report)).isEqualTo("done");
    return report.get("seconds").getAsDouble();
  }

  private static void bash(Path directory, String script) {
    new Shell(directory).output("bash", "-ec", script);
  }

  /** Nearly all of them: a kernel that reclaims what nobody touches takes a page now and then. */
  private static void assertThatOnlyHotFilesAreHeld(String what, PageCache... caches) {
    for (PageCache cache : caches) {
      Map<String, Long> held = cache.held();
      assertThat(held.keySet()).as(what).allMatch(name -> name.startsWith("./hot/"));
      assertThat(held.values().stream().mapToLong(Long::longValue).sum())
          .as(what)
          .isBetween(HOT_BYTES * 9 / 10, HOT_BYTES);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"EXT4", "XFS"},
      mode = Mode.INCLUDE)
  @DisplayName("what others have cached stays cached, and what a pass reads is not left there")
  void the_page_cache_is_left_alone(Type type) throws IOException {
    Needs.tools("fincore");
    try (LoopFileSystem disk = LoopFileSystem.in(scratch, type)) {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      bash(from, FILL);
      var cache = new PageCache(from);
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        cache.drop();
        bash(from, "cat hot/* >/dev/null");
        hosts.onSource("seed", TwoHosts.VOLUME).expect(0);
        assertThatOnlyHotFilesAreHeld("a seed", cache);

        var targetCache = new PageCache(to);
        targetCache.drop();
        bash(to, "cat hot/* >/dev/null");
        hosts.onSource("verify", TwoHosts.VOLUME, "--content").expect(0);
        assertThatOnlyHotFilesAreHeld("a verification", cache, targetCache);

        bash(
            from,
            "(printf shifted; cat cold/large) >../new; cat ../new >cold/large; rm ../new;"
                + " printf x | dd of=cold/other bs=1 seek=9999999 conv=notrunc status=none");
        cache.drop();
        bash(from, "cat hot/* >/dev/null");
        hosts.onSource("sync", TwoHosts.VOLUME).expect(0);
        assertThatOnlyHotFilesAreHeld("a delta", cache);
      }
    }
  }

  @Test
  @DisplayName("a pass keeps to the pace of disk and walk, gives way, and can be cancelled")
  void a_pass_keeps_to_its_pace_and_gives_way() throws IOException {
    Needs.tools("ionice");
    Needs.that(ThisProcess.has(Capability.SYS_NICE), "CAP_SYS_NICE");
    bash(
        source,
        "for d in $(seq 10); do mkdir $d; for f in $(seq 60); do echo $f >$d/$f; done; done");
    try (TwoHosts hosts = TwoHosts.start(program, scratch, source, target)) {
      var control = AgentControl.ofSource(hosts.sourceHome());
      configure(hosts, hosts.sourceHome(), "walk = \"300/s\"");
      assertThat(seconds(control)).as("611 entries, 300 a second").isBetween(1.8, 20.0);

      bash(source, "head -c 4M /dev/urandom >large; head -c 200000 large >small");
      configure(hosts, hosts.sourceHome(), "disk = \"2m/s\"");
      assertThat(seconds(control)).as("4.2 MiB, 2 a second").isBetween(1.8, 20.0);

      configure(hosts, hosts.sourceHome(), "walk = \"0\"");
      long pass = control.requestSync();
      assertThat(awaitThreads(hosts, "walk", "list", "read"))
          .as("threads of a pass over the tree")
          .allSatisfy((_, standing) -> assertThat(standing).isEqualTo(nice(10) + " idle"));
      cancelled(hosts, control, pass);

      bash(source, "printf y | dd of=large bs=1 seek=1999999 conv=notrunc status=none");
      configure(hosts, hosts.sourceHome());
      configure(hosts, hosts.targetHome(), "disk = \"0\"");
      cancelled(hosts, control, control.requestSync());
      configure(hosts, hosts.targetHome());

      hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
      control.awaitQuiet(PATIENCE);
      configure(hosts, hosts.sourceHome(), "disk = \"0\"", "walk = \"0\"");
      bash(source, "echo new >small");
      assertThat(awaitThreads(hosts, "walk", "read"))
          .as("threads that ship a change")
          .allSatisfy(
              (_, standing) -> assertThat(standing).doesNotContain("idle").startsWith(nice(0)));
      configure(hosts, hosts.sourceHome(), "walk = \"0\"");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> Files.readString(target.resolve("small")).equals("new\n"));
    }
  }

  private void cancelled(TwoHosts hosts, AgentControl control, long pass) {
    Awaitility.await()
        .pollDelay(Duration.ofMillis(500))
        .atMost(PATIENCE)
        .until(() -> !control.hasEnded(pass));
    hosts.onSource("cancel", TwoHosts.VOLUME);
    assertThat(AgentControl.outcome(control.await(pass, PATIENCE))).isEqualTo("cancelled");
  }

  /** A nice level so much above that of the agents. */
  private static String nice(int above) {
    try {
      return Integer.toString(
          Math.min(19, niceOf(Files.readString(Path.of("/proc/self/stat"))) + above));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int niceOf(String stat) {
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
  }

  /** Waits until there are threads of these sorts; tells the nice level and the class of each. */
  private static Map<String, String> awaitThreads(TwoHosts hosts, String... sorts) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions() // some end meanwhile
        .until(
            () -> threads(hosts.sourceAgent().pid()),
            found ->
                Stream.of(sorts)
                    .allMatch(sort ->
                        found.keySet().stream().anyMatch(name -> name.contains("-" + sort))));
  }

  private static Map<String, String> threads(long process) throws IOException {
    var found = new TreeMap<String, String>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
      for (Path task : tasks.toList()) {
        String name = Files.readString(task.resolve("comm")).strip();
        if (name.matches(TwoHosts.VOLUME + "-(walk|list|read)-[0-9]")) {
          String disk =
              new Shell(Path.of("/")).output("ionice", "-p", task.getFileName().toString()).strip();
          found.put(name, niceOf(Files.readString(task.resolve("stat"))) + " " + disk);
        }
      }
    }
    return found;
  }
}
