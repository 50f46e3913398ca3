package io.driftless.cli.command;

import io.driftless.cli.daemon.CopyDaemon;
import io.driftless.cli.daemon.CopyDaemon.CopyRequest;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.guard.MountTable;
import io.driftless.cli.guard.TargetRoot;
import io.driftless.cli.guard.TargetRoot.Force;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.SourceControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "copy",
    description = "Makes the directory DST like SRC, both agents in this process.",
    sortOptions = false)
final class CopyCommand implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 20;

  /** Services that are stopped are given 90 seconds by systemd. */
  private static final long LAST_PASS_SECONDS = 80;

  @Parameters(index = "0", paramLabel = "SRC", description = "The directory to copy.")
  private Path source = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DST",
      description = "The directory that shall be like it; made if its parent exists.")
  private Path target = Path.of("");

  @Option(
      names = "--exclude",
      paramLabel = "P",
      description = "Leave out what matches P, in the syntax of gitignore. May be repeated.")
  private List<String> exclude = new ArrayList<>();

  @Option(names = "--force-root", description = "Accept a DST that the guard target-root refuses.")
  private boolean forceRoot;

  @Option(
      names = "--verify",
      description = "Compare both sides completely afterwards, content included.")
  private boolean verify;

  @Option(
      names = "--watch",
      description =
          "Go on: what changes in SRC follows in DST, until this is told to end (Ctrl-C, SIGTERM).")
  private boolean watch;

  @Mixin private RequestOptions requested = new RequestOptions();

  private final Root root;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable SourceControl running;
  private volatile boolean following;
  private volatile ExitCode last = ExitCode.DETACHED;

  CopyCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    PassRequest request = requested.request();
    if (watch && (request.effect().isNone() || !request.below().isRoot() || verify)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "--watch goes on with all of SRC",
          "leave out -n, --path and --verify");
    }
    Path from = TargetRoot.realDirectory(source, "SRC");
    var copy = new CopyRequest(from, targetDirectory(from), exclude, watch);
    var ended = new CountDownLatch(1);
    return root.host()
        .signals()
        .during(
            () -> {
              try {
                return copy(copy, request).number();
              } finally {
                ended.countDown();
              }
            },
            () -> cancel(ended));
  }

  private ExitCode copy(CopyRequest copy, PassRequest request)
      throws IOException, InterruptedException {
    try (RunningAgent<SourceControl> agents = root.host().agents().get().copy().start(copy)) {
      running = agents.control();
      var passes =
          new LocalPasses(agents.control(), new Envelope(CopyDaemon.AGENT, root.host().version()));
      List<PassReport> copied = run(passes, request);
      boolean isCopied = PassResults.exitCode(copied.getFirst()).isDone();
      if (watch && isCopied) {
        return follow(passes, copied, copy);
      }
      return verify && isCopied && !request.effect().isNone()
          ? verify(passes, copied)
          : requested.show(root, passes, copied);
    }
  }

  /** Goes on until somebody ends it, and then has one more pass prove that all is over. */
  private ExitCode follow(LocalPasses passes, List<PassReport> copied, CopyRequest copy)
      throws IOException, InterruptedException {
    if (!root.isJson()) {
      requested.show(root, passes, copied);
    }
    root.remark(
        "copy  follows %s until it is told to end (Ctrl-C)"
            .formatted(Escaped.display(copy.source().toString())));
    following = true;
    stop.await();
    last = requested.show(root, passes, run(passes, PassRequest.PLAIN));
    return last;
  }

  private Path targetDirectory(Path from) throws IOException {
    boolean made = makeTarget();
    try {
      return TargetRoot.inspect(
              target,
              List.of(from),
              MountTable.current(),
              forceRoot ? Force.FORCED : Force.NOT_FORCED)
          .path();
    } catch (CommandFailure e) {
      if (made) {
        Files.deleteIfExists(target);
      }
      throw e;
    }
  }

  private boolean makeTarget() throws IOException {
    Path parent = target.toAbsolutePath().normalize().getParent();
    boolean canBeMade =
        !Files.exists(target, LinkOption.NOFOLLOW_LINKS)
            && parent != null
            && Files.isDirectory(parent);
    if (canBeMade) {
      try {
        Files.createDirectory(
            target,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "root-not-writable",
            "cannot make %s: %s"
                .formatted(Escaped.display(target.toString()), Escaped.display(e.toString())),
            "run as root, or choose another directory",
            e);
      }
    }
    return canBeMade;
  }

  private List<PassReport> run(Passes passes, PassRequest request)
      throws IOException, InterruptedException {
    return new PassWatch(root, passes).await(passes.request(List.of(CopyDaemon.VOLUME), request));
  }

  private ExitCode verify(Passes passes, List<PassReport> copied)
      throws IOException, InterruptedException {
    List<PassReport> verified =
        run(
            passes,
            new PassRequest(
                Compare.CONTENT,
                Effect.VERIFY,
                Deletes.GUARDED,
                0,
                Excluded.PROTECTED,
                TreePath.ROOT));
    if (root.isJson()) {
      return requested.show(
          root, passes, Stream.concat(copied.stream(), verified.stream()).toList());
    }
    ExitCode code = requested.show(root, passes, copied);
    return code.and(
        new VerificationResults(root, passes, new VerificationOutputs()).show(verified));
  }

  /** Both agents end with this process: the pass is cancelled in order, to be taken up again. */
  private ExitCode cancel(CountDownLatch ended) {
    SourceControl source = running;
    boolean wasFollowing = following;
    stop.countDown();
    try {
      if (source != null && !wasFollowing) {
        source.cancel(CopyDaemon.VOLUME);
      }
      if (ended.await(wasFollowing ? LAST_PASS_SECONDS : PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return wasFollowing ? last : ExitCode.DETACHED;
      } else {
        root.terminal().remark("the copy did not end in time; the same command goes on from here");
      }
    } catch (SourceControl.UnknownVolumeException e) {
      return ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DETACHED;
  }
}
