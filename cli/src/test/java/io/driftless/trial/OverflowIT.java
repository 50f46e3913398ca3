package io.driftless.trial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** More changes at a time than the kernel remembers. */
final class OverflowIT extends TwoTrees {
  private static final int FILES = 400;
  private static final int LIMIT_MAX = 200_000;

  @Test
  @DisplayName("C58: what the kernel forgot is found by a pass that nobody asks for")
  void what_was_forgotten_is_found() throws Exception {
    int events = queueLimit() + 1000;
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      SmallFiles.fill(volume.from(), FILES, 11);
      volume.follow();
      JsonObject before = volume.control().volume();
      assertThat(overflows(before)).isZero();
      signal("STOP", volume);
      try {
        fillQueue(volume.from(), events);
        change(volume.from(), "unnoticed");
      } finally {
        signal("CONT", volume);
      }
      Awaitility.await()
          .atMost(FollowedVolume.PATIENCE)
          .until(() -> overflows(volume.control().volume()) > 0);
      change(volume.from(), "while-it-is-found");
      volume.control().awaitQuiet(FollowedVolume.PATIENCE);

      Judge.assertEqual(volume.from(), volume.to());
      assertThat(overflows(volume.control().volume())).isEqualTo(1);
      assertThat(volume.hosts().onSource("status").expect(0).out())
          .contains("fanotify, 1 overflow\n");
      assertThat(lastPass(volume.control().volume())).isGreaterThan(lastPass(before));
      volume.assertBarrierMakesEqual();
    }
  }

  private static long overflows(JsonObject volume) {
    return volume.getAsJsonObject("replication").get("overflows").getAsLong();
  }

  private static long lastPass(JsonObject volume) {
    return volume.getAsJsonObject("lastPass").get("pass").getAsLong();
  }

  private static void signal(String signal, FollowedVolume volume) {
    String pid = String.valueOf(volume.hosts().sourceAgent().pid());
    new Shell(volume.from()).output("kill", "-" + signal, pid);
  }

  /** The kernel gives it in one piece only. */
  private static int queueLimit() throws IOException {
    try (var in = new FileInputStream("/proc/sys/fs/fanotify/max_queued_events")) {
      int limit = Integer.parseInt(new String(in.readAllBytes(), US_ASCII).strip());
      Needs.that(
          limit <= LIMIT_MAX, "fs.fanotify.max_queued_events of %d or less".formatted(LIMIT_MAX));
      return limit;
    }
  }

  /** Names that come and go at once: one event for each. */
  private static void fillQueue(Path root, int events) throws IOException {
    Path directory = Files.createDirectory(root.resolve("passing"));
    for (int i = 0; i < events; i++) {
      Files.delete(Files.createFile(directory.resolve("n" + i)));
    }
  }

  /** One change of each sort that the agent has to know of. */
  private static void change(Path root, String suffix) {
    String script =
        """
        mkdir -p new-$1/below
        for i in {1..50}; do echo $i $1 >new-$1/below/$i; done
        mv $(find d0 -type f | sort | head -n 1) renamed-$1
        rm $(find d0 -type f | sort | head -n 20)
        find d0 -type f | sort | head -n 5 | while read -r file; do echo $1 >>$file; done
        file=$(find d0 -type f | sort | tail -n 1)
        touch -r $file ../time && echo $1 | dd of=$file conv=notrunc status=none && touch -r ../time $file
        chmod 600 $(find d0 -type f | sort | tail -n 30)
        ln renamed-$1 linked-$1
        mv d0/e1 d0/moved-$1 && mkdir d0/e1 && mv d0/moved-$1 d0/e1/back
        """;
    new Shell(root).output("bash", "-ec", script, "change", suffix);
  }
}
