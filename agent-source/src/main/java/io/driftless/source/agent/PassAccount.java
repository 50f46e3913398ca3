package io.driftless.source.agent;

import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Session;
import io.driftless.source.report.ManifestException;
import io.driftless.source.session.Applied;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassFindings;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.state.Manifest;
import io.driftless.source.state.PassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what the attempts at one pass did, and makes its report. Findings may come from several
 * threads.
 */
final class PassAccount implements PassFindings {
  private static final String LEFT_OUT =
      "files with more than 16 GiB of holes: %d; they were compared, but the manifest has a comment in place of their hash, which would go over all zeros";

  private final VolumeSettings volume;
  private final PassTicket ticket;
  private final PassArchive archive;
  private final Consumer<TreePath> unequal;

  private Session.WireBytes atBegin = new Session.WireBytes(0, 0);
  private long wireBytesSent;
  private long wireBytesReceived;
  private @Nullable PassProgress last;

  /** Entries that moved while they were compared, where that was settled here. */
  private OptionalLong busy = OptionalLong.empty();

  private volatile @Nullable Manifest manifest;

  /**
   * Nothing has been found yet.
   *
   * @param unequal see {@link PassFindings#unequal}
   */
  PassAccount(
      VolumeSettings volume, PassTicket ticket, PassArchive archive, Consumer<TreePath> unequal) {
    this.unequal = unequal;
    this.volume = volume;
    this.ticket = ticket;
    this.archive = archive;
  }

  /** A new attempt finds everything again that still is so. */
  void begin(Session session) throws ManifestException {
    atBegin = session.wireBytes();
    kept(() -> archive.discardFindings(volume.name(), ticket.pass()));
    if (purpose() == Purpose.VERIFY_CONTENT) {
      manifest = Manifest.begin(volume.scratch(), volume.name());
    }
  }

  private Purpose purpose() {
    return Purpose.of(ticket.request());
  }

  void end(Session session, PassProgress progress) {
    Session.WireBytes now = session.wireBytes();
    wireBytesSent += now.sent() - atBegin.sent();
    wireBytesReceived += now.received() - atBegin.received();
    last = progress;
  }

  @Override
  public void problems(List<Problem> found) {
    kept(() -> archive.addProblems(volume.name(), ticket.pass(), found));
  }

  @Override
  public void differences(List<Difference> found) {
    kept(() -> archive.addDifferences(volume.name(), ticket.pass(), found));
  }

  @Override
  public void hashed(TreePath path, ContentSum content) throws ManifestException {
    Manifest into = manifest;
    if (into != null) {
      into.hashed(path, content);
    }
  }

  @Override
  public void unequal(TreePath directory) {
    unequal.accept(directory);
  }

  @Override
  public void notices(List<Notice> found) {
    kept(() -> archive.addNotices(volume.name(), ticket.pass(), found));
  }

  @Override
  public List<TreePath> mountPoints() {
    return asked(() -> archive.mountPoints(volume.name()));
  }

  @Override
  public void mountPoints(List<TreePath> more) {
    kept(() -> archive.addMountPoints(volume.name(), more));
  }

  @Override
  public void forgetMountPoints() {
    kept(() -> archive.forgetMountPoints(volume.name()));
  }

  @Override
  public void met(long generation, long seed) {
    kept(() -> archive.met(volume.name(), generation, seed));
  }

  /** Lets what moved while it was compared count as busy, whatever was found of it. */
  void settle(Unsettled unsettled) {
    kept(() -> archive.settleDifferences(volume.name(), ticket.pass(), unsettled::covers));
    kept(() -> archive.settleProblems(volume.name(), ticket.pass(), unsettled::covers));
    busy = OptionalLong.of(asked(() -> archive.busyCount(volume.name(), ticket.pass())));
  }

  PassReport report(PassEnding ending) {
    return switch (ending) {
      case PassEnding.Complete complete ->
          report(foundNothing() ? Outcome.DONE : Outcome.PROBLEMS, complete.counters(), null, null);
      case PassEnding.Cancelled stopped ->
          report(Outcome.CANCELLED, stopped.counters(), null, null);
      case PassEnding.Refused refused ->
          report(Outcome.REFUSED, refused.counters(), refused.guard(), null);
      case PassEnding.Failed failed ->
          report(Outcome.FAILED, Counters.NONE, null, failed.failure());
      case PassEnding.Broken broken ->
          report(Outcome.FAILED, Counters.NONE, null, broken.failure());
    };
  }

  private boolean foundNothing() {
    boolean isEqual = !purpose().isVerification() || differenceCount() == 0;
    return isEqual && problemCount() == 0;
  }

  private long differenceCount() {
    return asked(() -> archive.differenceCount(volume.name(), ticket.pass()));
  }

  /** Makes the list of hashes final, or drops what there is of it. */
  void close(PassEnding ending) throws ManifestException {
    Manifest of = manifest;
    if (of == null) {
      return;
    }
    if (ending instanceof PassEnding.Complete) {
      of.complete();
      tellLeftOut(of.leftOut());
      return;
    }
    manifest = null;
    of.close();
  }

  private void tellLeftOut(long files) {
    if (files > 0) {
      notices(List.of(new Notice("manifest-left-out", LEFT_OUT.formatted(files))));
    }
  }

  PassReport cancelled() {
    return report(Outcome.CANCELLED, Counters.NONE, null, null);
  }

  private PassReport report(
      Outcome outcome, Counters counters, @Nullable Guard guard, @Nullable Failure failure) {
    PassProgress progress = last == null ? ticket.progress() : last;
    return new PassReport(
        volume.name(),
        volume.target(),
        ticket.pass(),
        purpose(),
        outcome,
        ticket.startedAt(),
        ticket.age().toNanos() / 1e9,
        progress.found(),
        busy.isPresent() ? Applied.of(counters).withBusy(busy.getAsLong()) : Applied.of(counters),
        wireBytesSent,
        wireBytesReceived,
        problemCount(),
        differenceCount(),
        listed(),
        noticesFound(),
        Optional.ofNullable(guard),
        Optional.ofNullable(failure),
        Optional.ofNullable(manifest).map(of -> of.file().toString()));
  }

  private long problemCount() {
    return asked(() -> archive.problemCount(volume.name(), ticket.pass()));
  }

  private List<Problem> listed() {
    return asked(
        () -> archive.problems(volume.name(), ticket.pass(), 0, PassReport.PROBLEMS_LISTED_MAX));
  }

  private List<Notice> noticesFound() {
    return asked(() -> archive.notices(volume.name(), ticket.pass()));
  }

  /** Something that is asked of the archive; a pass can't go on without it. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException;
  }

  private static <T> T asked(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something that is written to it. */
  @FunctionalInterface
  private interface Note {
    void write() throws IOException;
  }

  private static void kept(Note note) {
    try {
      note.write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
