package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is told of a success whose answer did not reach stdout. */
@DisplayName("C81: an answer that can't be written")
final class LostAnswerTest {
  @TempDir Path directory;
  private CommandRun run;

  @BeforeEach
  void serve() throws IOException {
    run = new CommandRun(directory).serveSource();
    run.outIsFull = true;
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "status --json", "history www", "--version", "--help"})
  void a_command_fails_with_one_line(String command) {
    CommandRun.Result result = run.run(command.split(" "));

    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.err()).startsWith("error: answer-lost: ").hasLineCount(1);
  }

  @Test
  void a_failure_keeps_its_own_line_and_exit_code() {
    CommandRun.Result result = run.run("seed", "nothing", "--json");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: unknown-volume: ").hasLineCount(1);
  }
}
