package io.driftless.trial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Logs that are written and rotated in a loop, on a volume that a target follows. */
final class LogRotationIT extends TwoTrees {
  private static final long SEED = 20_261_130;
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final List<String> RENAMED = List.of("access", "error", "mail");
  private static final String COPIED = "app";
  private static final int LINES_UNTIL_REOPENED = 150;
  private static final int KEPT_OPEN = Integer.MAX_VALUE;
  private static final int LINE_CHARACTERS_MAX = 300;
  private static final String LAST_LINE = "the last line\n";

  /**
   * Rotates as logrotate does until told to stop: by renaming, and the log of a program that never
   * reopens it by copying and truncating. The arguments are that log and the others.
   */
  private static final String ROTATION =
      """
      older() {
        rm -f $1.5.gz
        for i in 4 3 2; do
          [[ ! -e $1.$i.gz ]] || mv $1.$i.gz $1.$((i + 1)).gz
        done
        [[ ! -e $1.1 ]] || { gzip $1.1; mv $1.1.gz $1.2.gz; }
      }
      copied=$1
      shift
      until read -t 0.05; do
        older $copied
        cp -p $copied $copied.1
        truncate -s 0 $copied
        for log; do
          [[ -e $log ]] || continue
          older $log
          mv $log $log.1
        done
      done
      """;

  @Test
  @DisplayName(
      "C54: after ten seconds of rotation and a barrier all logs are equal, to the last line")
  void rotated_logs_are_equal() throws Exception {
    Needs.tools("gzip");
    try (FollowedVolume volume = FollowedVolume.on(Type.EXT4, program, scratch)) {
      Path logs = Files.createDirectory(volume.from().resolve("log"));
      Files.createFile(logs.resolve(COPIED));
      volume.follow();
      writeAndRotate(logs);
      volume.assertBarrierMakesEqual();
      for (String log : RENAMED) {
        assertThat(volume.to().resolve("log").resolve(log)).content().endsWith(LAST_LINE);
      }
    }
  }

  private void writeAndRotate(Path logs) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Companion rotation = Companion.start(scratch, rotation(logs))) {
      List<Future<Long>> writers = new ArrayList<>();
      writers.add(threads.submit(writer(logs.resolve(COPIED), KEPT_OPEN)));
      for (String log : RENAMED) {
        writers.add(threads.submit(writer(logs.resolve(log), LINES_UNTIL_REOPENED)));
      }
      for (Future<Long> writer : writers) {
        assertThat(writer.get()).as("lines").isPositive();
      }
      rotation.requireAlive();
      rotation.tell("stop");
      rotation.awaitSuccess(FollowedVolume.PATIENCE);
    }
    assertThat(logs.resolve(RENAMED.getFirst() + ".5.gz")).exists();
    assertThat(logs.resolve(COPIED + ".5.gz")).exists();
    for (String log : RENAMED) {
      Files.writeString(logs.resolve(log), LAST_LINE, CREATE, APPEND);
    }
  }

  private static List<String> rotation(Path logs) {
    var command = new ArrayList<String>();
    command.addAll(List.of("bash", "-ec", "cd " + logs + "\n" + ROTATION, "rotation", COPIED));
    command.addAll(RENAMED);
    return command;
  }

  /** Writes lines for a while, and opens its log anew now and then; returns how many there were. */
  private static Callable<Long> writer(Path log, int linesUntilReopened) {
    var random = new SplittableRandom(SEED + log.hashCode());
    long end = System.nanoTime() + LONG.toNanos();
    return () -> {
      long lines = 0;
      while (System.nanoTime() < end) {
        try (OutputStream out = Files.newOutputStream(log, CREATE, APPEND)) {
          for (int i = 0; i < linesUntilReopened && System.nanoTime() < end; i++) {
            writeLine(out, lines++, random);
          }
        }
      }
      return lines;
    };
  }

  private static void writeLine(OutputStream out, long number, SplittableRandom random)
      throws IOException, InterruptedException {
    String text = number + " " + "x".repeat(random.nextInt(LINE_CHARACTERS_MAX)) + "\n";
    out.write(text.getBytes(US_ASCII));
    TimeUnit.MICROSECONDS.sleep(random.nextInt(3000));
  }
}
