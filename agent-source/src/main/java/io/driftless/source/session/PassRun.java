package io.driftless.source.session;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.source.read.Writeback;
import io.driftless.source.report.Tally;
import io.driftless.source.scan.Itinerary;
import io.driftless.source.scan.LinkTable;
import io.driftless.source.scan.MountPoints;
import io.driftless.source.scan.SearchPace;
import io.driftless.source.session.EntrySight.Seen;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one session: opens the volume, walks it, answers the target, links, and waits for
 * the result. Used once.
 */
public final class PassRun {
  /** Beyond this a slow disk is not waited for; what was read before it is done is read again. */
  private static final Duration WRITEBACK_PATIENCE = Duration.ofSeconds(10);

  private static final Notice NOT_ROOT =
      new Notice(
          "source-not-root",
          "the source agent isn't root: it doesn't see attributes of the kind trusted.*, which stay behind");

  private final PassSettings settings;
  private final Session session;
  private final long wireBytesBefore;
  private final PassRequest request;
  private final long pass;
  private final PassFindings receiver;
  private final InstantSource clock;
  private final Instant startedAt;
  private final PassWork work;

  /**
   * A pass that has not begun.
   *
   * @param session on which the volume is opened
   * @param pass number of the pass
   */
  public PassRun(
      PassSettings settings,
      Session session,
      PassRequest request,
      long pass,
      PassFindings receiver,
      InstantSource clock) {
    this.settings = settings;
    this.session = session;
    this.wireBytesBefore = session.wireBytes().sent();
    this.request = request;
    this.pass = pass;
    this.receiver = receiver;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.work =
        new PassWork(
            settings,
            request,
            new Itinerary.Tree(request.below()),
            new SearchPace(System::nanoTime),
            pass,
            receiver,
            clock);
  }

  /** Runs until the pass has ended one way or another; all its threads have ended then, too. */
  public PassEnding run() throws InterruptedException {
    try (ConfinedRoot root = ConfinedRoot.open(settings.root().toString())) {
      return run(root);
    } catch (IOException e) {
      return noRoot(e);
    } finally {
      work.finish();
    }
  }

  static PassEnding noRoot(IOException e) {
    return new PassEnding.Failed(
        new Failure(
            "source-root",
            String.valueOf(e.getMessage()),
            "check that the root exists, is a directory and can be read by the agent"));
  }

  /** Makes {@link #run} end soon. From any thread; idempotent. */
  public void cancel() {
    work.signals().cancel();
  }

  /** How far it has come. From any thread. */
  public PassProgress progress() {
    Tally tally = work.tally();
    Optional<String> queued = work.listener().queued();
    return new PassProgress(
        settings.volume(),
        pass,
        Purpose.of(request),
        queued.isPresent() ? PassProgress.Phase.QUEUED : work.phase(),
        startedAt,
        new Found(tally.entriesFound(), tally.files(), tally.directories(), tally.bytesFound()),
        tally.entriesDone(),
        bytesDone(tally),
        tally.literalBytes(),
        session.wireBytes().sent() - wireBytesBefore,
        work.findings().problemCount(),
        queued.or(() -> work.listener().blocked()),
        Optional.empty());
  }

  /** Slices are done as wholes; what is read of them meanwhile is to be seen, too. */
  private long bytesDone(Tally tally) {
    return Purpose.of(request) == Purpose.VERIFY_CONTENT
        ? Math.max(tally.bytesDone(), tally.bytesExamined())
        : tally.bytesDone();
  }

  private PassEnding run(ConfinedRoot root) throws IOException, InterruptedException {
    var volume = new SourceVolume(settings, root);
    Optional<Failure> noPart = noPart(volume);
    if (noPart.isPresent()) {
      return new PassEnding.Failed(noPart.get());
    }
    Writeback writeback = Writeback.begin(root, clock);
    Conversation conversation;
    try {
      conversation = session.open(volume.opening(), work.listener());
      conversation.weigh(settings.weight());
    } catch (IOException e) {
      return new PassEnding.Broken(PassWork.broken(String.valueOf(e.getMessage())));
    }
    try {
      return run(volume, conversation, writeback);
    } finally {
      conversation.end(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE, SessionEnd.PASS_ENDED, "the pass has ended", ""));
    }
  }

  /** Why the part that is asked for can't be walked. */
  private Optional<Failure> noPart(SourceVolume volume) throws IOException {
    TreePath below = request.below();
    if (below.isRoot()) {
      return Optional.empty();
    }
    String why =
        switch (new EntrySight(volume.root(), receiver.mountPoints()).look(below)) {
          case Seen.Present present when present.entry().kind() != Kind.DIRECTORY ->
              "it is no directory";
          case Seen.Present _ ->
              volume
                  .exclusions()
                  .reason(below, Kind.DIRECTORY, volume.root().fd().status())
                  .orElse("");
          case Seen.Absent(String reason) -> reason;
          case Seen.Mounted(String reason) -> reason;
          case Seen.Outside(String reason) -> reason;
          case Seen.Unreadable(_, String slug, String detail) -> slug + ": " + detail;
        };
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Failure(
                "path",
                "%s can't be passed through by itself: %s".formatted(below, why),
                "name a directory of the source that belongs to the volume, or leave --path out"));
  }

  private PassEnding run(SourceVolume volume, Conversation conversation, Writeback writeback)
      throws IOException, InterruptedException {
    PassSignals signals = work.signals();
    signals.await(() -> signals.opened() != null || signals.isOver() || signals.isCancelled());
    VolumeOpened opened = signals.opened();
    if (opened == null || signals.isOver()) {
      return work.ending();
    }
    Failure unfit = unfit(opened.windows());
    if (unfit != null) {
      return new PassEnding.Failed(unfit);
    }
    receiver.met(opened.generation(), opened.seed());
    if (!ThisProcess.has(ThisProcess.Capability.SYS_ADMIN)) {
      work.findings().notice(NOT_ROOT);
    }
    try (var links = new LinkTable(settings.scratch(), LinkTable.Limits.DEFAULT);
        WitnessStore witnesses = volume.witnesses(opened, clock)) {
      MountPoints mounts = mountPoints();
      try {
        writeback.await(WRITEBACK_PATIENCE);
        var books = new PassWork.Books(links, mounts, witnesses, writeback);
        return work.run(volume, conversation, opened, books);
      } finally {
        receiver.mountPoints(mounts.found());
      }
    }
  }

  static @Nullable Failure unfit(Windows windows) {
    if (windows.streamedBytes() >= ContentMessage.INLINE_BYTES_MAX) {
      return null;
    }
    return new Failure(
        "window",
        "the target grants a window of %d bytes, too small for a file of %d"
            .formatted(windows.streamedBytes(), ContentMessage.INLINE_BYTES_MAX),
        "update the target");
  }

  private MountPoints mountPoints() {
    if (request.deletes() == Deletes.ALLOWED) {
      receiver.forgetMountPoints();
    }
    return new MountPoints(receiver.mountPoints());
  }
}
