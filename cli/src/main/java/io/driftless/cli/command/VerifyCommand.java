package io.driftless.cli.command;

import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ReportText;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = "Compares both sides completely and changes nothing on the target.",
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Volumes; may be left out where there is one.")
  private List<String> volumes = new ArrayList<>();

  @Option(names = "--all", description = "All volumes.")
  private boolean all;

  @Option(
      names = "--content",
      description = "Compare the content of every file, too, and list the hashes of all.")
  private boolean content;

  @Option(
      names = "--repair",
      description = "Bring what differs over again, then compare once more.")
  private boolean repair;

  @Mixin private VerificationOutputs outputs = new VerificationOutputs();

  private final Root root;

  VerifyCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    var passes = new RemotePasses(root.client(), root.host().moments());
    outputs.check(content);
    List<String> chosen = passes.choose(volumes, all);
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
            .filter(report -> repair && report.differencesTotal() > 0)
            .map(PassReport::volume)
            .toList();
    if (unequal.isEmpty()) {
      return new VerificationResults(root, passes, outputs).show(reports);
    }
    reports.forEach(report -> root.remark(ReportText.line(report)));
    List<PassReport> repaired = run(passes, unequal, request(Effect.APPLY));
    boolean isRepaired =
        repaired.stream()
            .allMatch(
                report -> PassResults.exitCode(report).number() <= ExitCode.PROBLEMS.number());
    if (!isRepaired) {
      return PassResults.show(root, repaired, passes.envelope());
    }
    repaired.forEach(report -> root.remark(ReportText.line(report)));
    return new VerificationResults(root, passes, outputs)
        .show(run(passes, chosen, request(Effect.VERIFY)));
  }

  private PassRequest request(Effect effect) {
    Compare compare = content || effect == Effect.APPLY ? Compare.CONTENT : Compare.METADATA;
    return new PassRequest(compare, effect, Deletes.GUARDED, 0, TreePath.ROOT);
  }

  private List<PassReport> run(Passes passes, List<String> chosen, PassRequest request)
      throws IOException, InterruptedException {
    Map<String, Long> asked = new LinkedHashMap<>();
    for (String volume : chosen) {
      asked.put(volume, passes.request(volume, request));
    }
    var watch = new PassWatch(root, passes);
    for (Map.Entry<String, Long> each : asked.entrySet()) {
      watch.follow(each.getKey(), each.getValue());
    }
    return watch.await();
  }

  /** The pass belongs to the agent: only the view ends. */
  private ExitCode detach(List<String> chosen) {
    String names = String.join(" ", chosen);
    root.terminal()
        .remark(
            "the verification of %s goes on in the agent; driftless status shows it, driftless cancel %s ends it"
                .formatted(String.join(", ", chosen), names));
    return ExitCode.DETACHED;
  }
}
