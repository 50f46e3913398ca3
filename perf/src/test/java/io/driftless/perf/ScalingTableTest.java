package io.driftless.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.perf.ScalingTrial.Result;
import io.driftless.perf.ScalingTrial.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScalingTableTest {
  private static final Result RESULT =
      new Result(
          Following.SCALING,
          1,
          List.of(new Step(10_000, 2, 1, 2), new Step(1_000_000, 2, 40, 70)),
          List.of(new Step(64 << 20, 2, 0.5, 0.8), new Step(2L << 30, 2, 4, 7)),
          List.of(new Step(2L << 30, 1, 5, 7), new Step(2L << 30, 8, 4, 8)));

  @Test
  void what_a_file_and_a_byte_take_stands_beside_the_whole() {
    List<String> lines = ScalingTable.of(RESULT).lines().toList();

    assertThat(lines).hasSize(9);
    assertThat(lines.get(1).split(" +"))
        .containsExactly("", "10000", "2", "1.00", "2.00", "100.000", "200.000");
    assertThat(lines.get(5).split(" +"))
        .containsExactly("", "2147483648", "2", "4.00", "7.00", "1.863", "3.260");
  }

  @Test
  void there_is_a_line_for_wall_time_and_one_for_cpu_time() {
    assertThat(ScalingTable.filesSvg(RESULT).split("<polyline", -1)).hasSize(3);
    assertThat(ScalingTable.bytesSvg(RESULT)).contains("wall time").contains("CPU time");
  }
}
