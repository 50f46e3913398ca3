package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A success whose answer can't be written is none: C81. */
final class LostAnswerIT {
  @TempDir private Path scratch;

  @ParameterizedTest(name = "C81: {0}")
  @ValueSource(
      strings = {
        "\"$1\" --version >/dev/full",
        "\"$1\" --help >&-",
        "set -o pipefail; \"$1\" --version | true",
      })
  void stdout_that_takes_nothing_is_a_failure(String line) {
    String launcher = Program.launcher().toString();

    Shell.Result result = new Shell(scratch).run("bash", "-c", line, "bash", launcher);

    assertThat(result.exitCode()).as(result.output()).isEqualTo(5);
    assertThat(result.output()).startsWith("error: answer-lost: ").hasLineCount(1);
  }
}
