package io.driftless.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.cli.json.DifferenceJson;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.DifferenceText;
import io.driftless.cli.screen.ReportText;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.PassReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Shows what verifications found, all of it, and leaves it in files. */
final class VerificationResults {
  private final Root root;
  private final Passes passes;
  private final VerificationOutputs outputs;

  VerificationResults(Root root, Passes passes, VerificationOutputs outputs) {
    this.root = root;
    this.passes = passes;
    this.outputs = outputs;
  }

  ExitCode show(List<PassReport> reports) throws IOException {
    if (root.isJson()) {
      PassResults.show(root, reports, passes.envelope());
    } else {
      for (PassReport report : reports) {
        showText(report);
      }
    }
    if (outputs.report().isPresent()) {
      writeReport(outputs.report().get(), reports);
    }
    if (outputs.manifest().isPresent()) {
      writeManifest(outputs.manifest().get(), reports);
    }
    return reports.stream().map(PassResults::exitCode).reduce(ExitCode.DONE, ExitCode::and);
  }

  private void showText(PassReport report) throws IOException {
    boolean isGood = PassResults.exitCode(report).isDone();
    if (!isGood) {
      root.terminal().remark(ReportText.line(report));
    } else {
      root.terminal().answer(ReportText.line(report));
      new DifferencePages(passes, report)
          .forEach(difference -> root.terminal().answer(DifferenceText.line(difference)));
    }
    ReportText.details(report).forEach(root::remark);
    if (isGood && outputs.manifest().isEmpty() && !isCopy(report)) {
      report
          .manifest()
          .ifPresent(file -> root.remark("  hashes of all files: " + Escaped.display(file)));
    }
  }

  /** What a copy keeps goes with it. */
  private static boolean isCopy(PassReport report) {
    return report.target().equals(report.volume());
  }

  private void writeReport(Path file, List<PassReport> reports) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
      for (PassReport report : reports) {
        write(out, JsonText.of(PassJson.of(report, passes.envelope())));
        new DifferencePages(passes, report)
            .forEach(difference ->
                write(out, JsonText.of(DifferenceJson.of(report.volume(), difference))));
      }
    } catch (CommandFailure e) {
      throw e;
    } catch (IOException e) {
      throw notWritten("report", file, e);
    }
  }

  private static void write(BufferedWriter out, String line) throws IOException {
    out.write(line);
    out.write('\n');
  }

  private static void writeManifest(Path file, List<PassReport> reports) throws CommandFailure {
    if (reports.size() > 1) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "manifest",
          "one file can't hold the hashes of several volumes; each was kept by the agent",
          "verify them one by one, or take the files that --json names");
    }
    for (PassReport report : reports) {
      if (report.manifest().isPresent()) {
        copy(Path.of(report.manifest().get()), file);
      }
    }
  }

  private static void copy(Path kept, Path file) throws CommandFailure {
    try {
      Files.copy(kept, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw notWritten("manifest", file, e);
    }
  }

  private static CommandFailure notWritten(String what, Path file, IOException cause) {
    return new CommandFailure(
        ExitCode.FAILED,
        what + "-not-written",
        "%s can't be written: %s"
            .formatted(Escaped.display(file.toString()), Escaped.display(cause.toString())),
        "the verification itself is done; choose another file",
        cause);
  }
}
