package io.driftless.perf.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeterIT {
  private static final String SPIN = "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done";

  @TempDir private Path directory;

  @Test
  void the_time_of_children_and_their_memory_are_seen() throws Exception {
    Command.Outcome outcome =
        Command.of("bash", "-c", "bash -c '" + SPIN + "'; echo done").run(new Meter(List.of()));

    assertThat(outcome.output()).isEqualTo("done\n");
    assertThat(outcome.usage().cpuSeconds()).isBetween(0.02, outcome.wall().toNanos() / 1e9 * 2);
    assertThat(outcome.usage().processes())
        .anySatisfy(process -> assertThat(process.peakBytes()).isGreaterThan(1 << 20));
  }

  @Test
  void what_a_service_used_before_does_not_count() throws Exception {
    Path ready = directory.resolve("ready");
    List<String> spinThenWait = List.of("bash", "-c", SPIN + "; touch " + ready + "; sleep 1000");
    try (Service service = Service.start("idler", directory.resolve("log"), spinThenWait)) {
      service.awaitFile(ready);
      Command.Outcome outcome = Command.of("true").run(new Meter(List.of(service)));

      assertThat(outcome.usage().processes())
          .filteredOn(process -> process.name().equals("idler"))
          .singleElement()
          .satisfies(process -> assertThat(process.cpuSeconds()).isLessThan(0.05));
    }
  }

  @Test
  void the_busiest_thread_is_told_from_those_that_wait() throws Exception {
    var meter = new Meter(List.of(), Meter.Detail.THREADS);
    Command.Outcome outcome =
        Command.of("bash", "-c", "sleep 60 & " + SPIN + "; kill $!").run(meter);

    double busiest =
        outcome.usage().threads().stream().mapToDouble(ThreadUsage::cpuSeconds).max().orElseThrow();
    assertThat(busiest).isBetween(0.02, outcome.wall().toNanos() / 1e9);
    assertThat(outcome.usage().threads())
        .filteredOn(thread -> thread.name().equals("sleep"))
        .singleElement()
        .satisfies(thread -> assertThat(thread.cpuSeconds()).isLessThan(busiest));
  }

  @Test
  void a_command_that_fails_says_what_it_said() {
    assertThatThrownBy(() -> Command.of("bash", "-c", "echo no such luck >&2; exit 3").run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exited with 3: no such luck");
  }
}
