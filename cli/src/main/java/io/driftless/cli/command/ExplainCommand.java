package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.ExplanationJson;
import io.driftless.cli.json.Fields;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ExplanationText;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.EntryInquiry.Question;
import io.driftless.source.session.Explanation;
import io.driftless.source.session.Explanation.Finding;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.PassReport.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description = "Says how one entry stands on both sides, and why.",
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration SILENT_FOR = Duration.ofSeconds(2);
  private static final Set<String> UNREACHABLE_SLUGS = Set.of("target-unreachable", "disconnected");

  @Parameters(
      arity = "1..2",
      paramLabel = "NAME PATH",
      description = {
        "The volume, which may be left out where there is one, and the path of the entry from the",
        "root of the volume on; . is the root itself."
      })
  private List<String> words = new ArrayList<>();

  @Option(names = "--content", description = "Compare the content of a file, too.")
  private boolean content;

  @Option(
      names = "--path-bytes",
      description = "PATH is in base64, for names that are no text; as pathBytes in JSON.")
  private boolean base64;

  private final Root root;

  ExplainCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    String text = words.getLast();
    TreePath path = base64 ? TreePathOption.parseBase64(text) : TreePathOption.parse(text);
    ControlClient client = root.client();
    String volume =
        new RemotePasses(client, root.host().moments())
            .choose(words.size() == 1 ? List.of() : List.of(words.getFirst()), false)
            .getFirst();
    var question = new Question(path, content ? Compare.CONTENT : Compare.METADATA);
    return root.host()
        .signals()
        .during(() -> ask(client, volume, question), () -> ExitCode.DETACHED)
        .number();
  }

  private ExitCode ask(ControlClient client, String volume, Question question)
      throws IOException, InterruptedException {
    String path = "/v1/volumes/%s/explanations".formatted(ControlClient.part(volume));
    long number = new Fields(client.post(path, ExplanationJson.of(question))).number("explanation");
    Instant patience = root.host().moments().now().plus(SILENT_FOR);
    boolean silent = true;
    while (true) {
      JsonObject answer = client.get(path + "/" + number);
      switch (ExplanationJson.inquiry(new Fields(answer))) {
        case Inquiry.Answered(var explanation) -> {
          return show(answer, explanation);
        }
        case Inquiry.Failed(var failure) -> throw failed(volume, failure);
        case Inquiry.Waiting _ -> {
          if (silent && root.host().moments().now().isAfter(patience)) {
            silent = false;
            root.remark(
                "%s  waits until the pass that runs has ended, or the target is connected"
                    .formatted(volume));
          }
        }
        case Inquiry.Looking _ -> {}
      }
      root.host().pause().pause(POLL);
    }
  }

  private ExitCode show(JsonObject answer, Explanation explanation) {
    root.answer(answer, ExplanationText.lines(explanation));
    return explanation.finding() == Finding.EQUAL ? ExitCode.DONE : ExitCode.PROBLEMS;
  }

  private static CommandFailure failed(String volume, Failure failure) {
    boolean isUnreachable = UNREACHABLE_SLUGS.contains(failure.slug());
    return new CommandFailure(
        isUnreachable ? ExitCode.UNREACHABLE : ExitCode.FAILED,
        failure.slug(),
        volume + ": " + Escaped.message(failure.message()),
        Escaped.message(failure.hint()));
  }
}
