package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.Needs;
import io.driftless.protocol.wire.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wires break and targets restart in the middle of passes: the pass goes on by itself, and what it
 * leaves is exact. One pair of agents for all of it, with a slow relay between them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BrokenWireIT {
  private static final long SEED = 20_261_129;
  private static final int MIB = 1 << 20;
  private static final int LARGE_BYTES = 12 * MIB;
  private static final long BYTES_PER_SECOND = 24L * MIB;
  private static final int FILES = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private Path source;
  private Path target;
  private Program program;
  private Relay relay;
  private TwoHosts hosts;
  private AgentControl control;

  @BeforeAll
  void prepare(@TempDir Path scratch) throws IOException {
    Needs.root();
    Needs.tools("rsync", "lsattr");
    source = Files.createDirectory(scratch.resolve("source"));
    target = Files.createDirectory(scratch.resolve("target"));
    program = new Program(scratch);
    int port = TwoHosts.freePort();
    relay = Relay.to(port);
    relay.slowDown(BYTES_PER_SECOND);
    var way = new TwoHosts.Way(port, relay.address().port());
    hosts = TwoHosts.start(program, scratch, source, target, way);
    control = AgentControl.ofSource(hosts.sourceHome());
    change();
    requireExact(control.requestSync());
  }

  @AfterAll
  void cleanUp() throws IOException {
    if (hosts != null) {
      hosts.close();
      program.close();
      relay.close();
    }
  }

  /** A large file and many small ones are new. */
  private void change() throws IOException {
    write("large", LARGE_BYTES);
    for (int i = 0; i < FILES; i++) {
      write("d%d/f%d".formatted(i % 7, i), 1 + random.nextInt(20_000));
    }
  }

  private void write(String name, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    Path file = source.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** Begins a pass that has much to bring, and returns when a part of it is on its way. */
  private long beginPass() throws IOException {
    change();
    long before = relay.passedBytes();
    long pass = control.requestSync();
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> relay.passedBytes() > before + LARGE_BYTES / 3);
    assertThat(control.hasEnded(pass)).as("the pass is under way").isFalse();
    return pass;
  }

  private void requireExact(long pass) {
    JsonObject report = control.await(pass, PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
    assertThat(report.get("problemsTotal").getAsInt()).as(report.toString()).isZero();
    Judge.assertAlike(source, target);
    assertThat(target.resolve(".driftless")).doesNotExist();
  }

  @Test
  @DisplayName("C46: a reset in the middle of a pass: the pass goes on, and is exact")
  void a_reset() throws IOException {
    long pass = beginPass();
    relay.reset();
    requireExact(pass);
  }

  @Test
  @DisplayName("C46: a connection that ends in order in the middle of a pass: the same")
  void an_end() throws IOException {
    long pass = beginPass();
    relay.cut();
    requireExact(pass);
  }

  @Test
  @DisplayName("C46: a stall in the middle of a pass: it waits, and goes on where it was")
  void a_stall() throws IOException {
    long pass = beginPass();
    relay.freeze();
    Awaitility.await()
        .during(Duration.ofMillis(1500))
        .atMost(PATIENCE)
        .until(() -> !control.hasEnded(pass));
    relay.thaw();
    requireExact(pass);
  }

  @Test
  @DisplayName("C46: a connection that the target takes for open is given up for the next one")
  void half_open() throws IOException {
    beginPass();
    relay.abandon();
    hosts.sourceAgent().kill();
    hosts.startSource();
    requireExact(control.requestSync());
  }

  @Test
  @DisplayName("C47: the target restarts in the middle of a pass: the pass goes on, and is exact")
  void a_target_that_restarts_in_the_middle_of_a_pass() throws IOException {
    long pass = beginPass();
    hosts.targetAgent().terminate();
    hosts.startTarget();
    requireExact(pass);

    long next = beginPass();
    hosts.targetAgent().kill();
    hosts.startTarget();
    requireExact(next);
  }

  @Test
  @DisplayName("C47: the target restarts between passes, with changes before, meanwhile and after")
  void a_target_that_restarts_between_passes() throws IOException {
    write("before", 5000);
    hosts.targetAgent().terminate();
    write("meanwhile", 5000);
    write("large", LARGE_BYTES / 4);
    Files.deleteIfExists(source.resolve("d1/f1"));
    hosts.startTarget();
    write("after", 5000);

    requireExact(control.requestSync());
  }
}
