package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Times that no clock shows yet, or none shows any more. */
final class ClockIT extends TwoTrees {
  /** As a clock leaves them behind that was far ahead, or far behind, for a while. */
  private static final String FUTURE = "20350102030405";

  private static final String PAST = "19950102030405";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @BeforeEach
  @Override
  void prepare() throws IOException {
    super.prepare();
    Needs.tools("rsync", "lsattr", "debugfs");
  }

  private static void run(Path directory, String script) {
    new Shell(directory).output("bash", "-ec", script);
  }

  /** As much as before is written in place, and the mtime is put back. */
  private void edit(Path root, String file, String text) {
    run(
        root,
        "touch -r %1$s %3$s/ref; printf %2$s | dd of=%1$s conv=notrunc status=none; touch -r %3$s/ref %1$s"
            .formatted(file, text, scratch));
  }

  private static void sync(TwoHosts hosts, int filesTransferred) {
    AgentControl control = AgentControl.ofSource(hosts.sourceHome());
    JsonObject report = control.await(control.requestSync(), PATIENCE);
    assertThat(AgentControl.outcome(report)).as(report.toString()).isEqualTo("done");
    assertThat(report.get("filesTransferred").getAsInt())
        .as(report.toString())
        .isEqualTo(filesTransferred);
  }

  @Test
  @DisplayName("C49: mtimes in the future, ctimes that a clock left behind which was set since")
  void times_from_the_future() throws Exception {
    try (LoopFileSystem there = LoopFileSystem.in(scratch, Type.EXT4, 64);
        LoopFileSystem here = LoopFileSystem.in(scratch, Type.EXT4, 64)) {
      Path from = Files.createDirectory(there.root().resolve("tree"));
      Path to = Files.createDirectory(here.root().resolve("tree"));
      run(from, "mkdir d; for i in $(seq 9); do echo content $i >d/f$i; done");
      run(
          from,
          "head -c 2M /dev/urandom >large; touch -d 2040-01-01T00:00:00.123456789 d/f[1-5] d");
      run(from, "touch -d 2040-01-01 large");
      try (TwoHosts hosts = TwoHosts.start(program, scratch, from, to)) {
        sync(hosts, 10);
        Judge.assertAlike(from, to);
        findEdits(hosts, from, to, "1");

        setChangeTimes(there);
        setChangeTimes(here);
        sync(hosts, 0);
        Judge.assertAlike(from, to);
        sync(hosts, 0);
        findEdits(hosts, from, to, "2");
      }
    }
  }

  private void findEdits(TwoHosts hosts, Path from, Path to, String text) {
    edit(from, "d/f1", text + "S");
    edit(from, "d/f6", text + "S");
    edit(from, "large", text + "S");
    sync(hosts, 3);
    Judge.assertAlike(from, to);
    edit(to, "d/f2", text + "T");
    edit(to, "d/f7", text + "T");
    edit(to, "large", text + "T");
    sync(hosts, 3);
    Judge.assertAlike(from, to);
    sync(hosts, 0);
  }

  /** Only a file system that isn't mounted can be told what its clock was. */
  private void setChangeTimes(LoopFileSystem disk) throws IOException {
    Awaitility.await() // after a pass the target looks back for a moment
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          disk.unmount();
          return true;
        });
    StringBuilder commands = new StringBuilder();
    for (String file : new String[] {"d/f1", "d/f2", "d/f3", "large"}) {
      commands.append("set_inode_field /tree/%s ctime %s\n".formatted(file, FUTURE));
    }
    for (String file : new String[] {"d/f6", "d/f7", "d/f8"}) {
      commands.append("set_inode_field /tree/%s ctime %s\n".formatted(file, PAST));
    }
    Path script = Files.writeString(scratch.resolve("commands"), commands);
    new Shell(scratch).output("debugfs", "-w", "-f", script.toString(), disk.image().toString());
    disk.mount();
    String seconds = new Shell(disk.root()).output("stat", "-c", "%Z", "tree/large", "tree/d/f6");
    assertThat(seconds).matches("2051\\d{6}\n789\\d{6}\n");
  }
}
