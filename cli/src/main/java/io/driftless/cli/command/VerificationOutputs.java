package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Files that a verification leaves behind. */
final class VerificationOutputs {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result and every difference to FILE, a JSON object on each line.")
  private @Nullable Path report;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "With --content: write the hashes of all files to FILE; sha256sum -c checks the target with it.")
  private @Nullable Path manifest;

  /** Refuses what makes no sense before a long comparison begins. */
  void check(boolean content) throws CommandFailure {
    if (manifest != null && !content) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "--manifest needs the hashes of all files",
          "add --content, or leave --manifest out");
    }
  }

  Optional<Path> report() {
    return Optional.ofNullable(report);
  }

  Optional<Path> manifest() {
    return Optional.ofNullable(manifest);
  }
}
