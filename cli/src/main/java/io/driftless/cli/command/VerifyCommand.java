package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ReportText;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = "Compares both sides completely and changes nothing on the target.",
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  @Mixin private VolumeChoice volumes = new VolumeChoice();

  @Option(
      names = "--content",
      description = "Compare the content of every file, too, and list the hashes of all.")
  private boolean content;

  @Option(
      names = "--repair",
      description = "Bring what differs over again, then compare once more.")
  private boolean repair;

  @Mixin private VerificationOutputs outputs = new VerificationOutputs();

  @Mixin private PartOption part = new PartOption();

  private final Root root;

  VerifyCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    var passes = new RemotePasses(root.client(), root.host().moments());
    outputs.check(content);
    List<String> chosen = volumes.among(passes);
    return root.host()
        .signals()
        .during(() -> verify(passes, chosen), () -> detach(chosen))
        .number();
  }

  private ExitCode verify(Passes passes, List<String> chosen)
      throws IOException, InterruptedException {
    List<PassReport> reports = run(passes, chosen, request(Effect.VERIFY));
    List<String> unequal =
        reports.stream()
            .filter(report -> repair && report.differencesTotal() > report.applied().busyFiles())
            .map(PassReport::volume)
            .toList();
    if (unequal.isEmpty()) {
      return new VerificationResults(root, passes, outputs).show(reports);
    }
    reports.forEach(report -> root.remark(ReportText.line(report)));
    List<PassReport> repaired = run(passes, unequal, request(Effect.APPLY));
    boolean isRepaired =
        repaired.stream().allMatch(report -> PassResults.exitCode(report).isDone());
    if (!isRepaired) {
      return PassResults.show(root, repaired, passes.envelope());
    }
    repaired.forEach(report -> root.remark(ReportText.line(report)));
    return new VerificationResults(root, passes, outputs)
        .show(run(passes, chosen, request(Effect.VERIFY)));
  }

  private PassRequest request(Effect effect) throws CommandFailure {
    Compare compare = content || effect == Effect.APPLY ? Compare.CONTENT : Compare.METADATA;
    return new PassRequest(compare, effect, Deletes.GUARDED, 0, Excluded.PROTECTED, part.below());
  }

  private List<PassReport> run(Passes passes, List<String> chosen, PassRequest request)
      throws IOException, InterruptedException {
    return new PassWatch(root, passes).await(passes.request(chosen, request));
  }

  private ExitCode detach(List<String> chosen) {
    return PassWatch.detach(root, "the verification of " + String.join(", ", chosen), chosen);
  }
}
