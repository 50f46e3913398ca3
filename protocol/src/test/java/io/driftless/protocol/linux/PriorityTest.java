package io.driftless.protocol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class PriorityTest {
  private static final int IDLE = 3;

  /**
   * How the kernel has a thread.
   *
   * @param disk its class of I/O
   */
  private record Standing(int nice, int disk) {
    static Standing ofThisThread() throws IOException {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long priority = Kernel.call(Scratch.ofThisThread(), SystemCall.IOPRIO_GET, 1, 0);
      return new Standing(Integer.parseInt(fields[16]), (int) (priority >> 13));
    }
  }

  private interface Question {
    Standing ask() throws Exception;
  }

  private static Standing inAThread(Question question) throws Exception {
    var task = new FutureTask<>(question::ask);
    Thread.ofPlatform().start(task).join();
    return task.get();
  }

  @Test
  void a_low_thread_gives_way_and_the_others_stay_as_they_are() throws Exception {
    Needs.that(ThisProcess.has(ThisProcess.Capability.SYS_NICE), "CAP_SYS_NICE");
    Standing usual = inAThread(Standing::ofThisThread);

    Standing low =
        inAThread(() -> {
          assertThat(Priority.LOW.takeUp()).isTrue();
          return Standing.ofThisThread();
        });

    assertThat(low).isEqualTo(new Standing(Math.min(19, usual.nice() + 10), IDLE));
    assertThat(inAThread(Standing::ofThisThread)).isEqualTo(usual);
  }

  @Test
  void a_thread_that_a_low_one_has_started_can_be_as_usual() throws Exception {
    Needs.that(ThisProcess.has(ThisProcess.Capability.SYS_NICE), "CAP_SYS_NICE");
    Standing usual = inAThread(Standing::ofThisThread);

    Standing child =
        inAThread(() -> {
          assertThat(Priority.LOW.takeUp()).isTrue();
          return inAThread(() -> {
            assertThat(Priority.NORMAL.takeUp()).isTrue();
            return Standing.ofThisThread();
          });
        });

    assertThat(child).isEqualTo(usual);
  }
}
