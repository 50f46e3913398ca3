package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Session;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassFindings;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.state.PassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what the attempts at one pass did, and makes its report. Findings may come from several
 * threads.
 */
final class PassAccount implements PassFindings {
  private final VolumeSettings volume;
  private final PassTicket ticket;
  private final PassArchive archive;
  private final InstantSource clock;

  private Session.WireBytes atBegin = new Session.WireBytes(0, 0);
  private long wireBytesSent;
  private long wireBytesReceived;
  private @Nullable PassProgress last;

  PassAccount(VolumeSettings volume, PassTicket ticket, PassArchive archive, InstantSource clock) {
    this.volume = volume;
    this.ticket = ticket;
    this.archive = archive;
    this.clock = clock;
  }

  /** A new attempt finds everything again that still is so. */
  void begin(Session session) {
    atBegin = session.wireBytes();
    try {
      archive.discardFindings(volume.name(), ticket.pass());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void end(Session session, PassProgress progress) {
    Session.WireBytes now = session.wireBytes();
    wireBytesSent += now.sent() - atBegin.sent();
    wireBytesReceived += now.received() - atBegin.received();
    last = progress;
  }

  @Override
  public void problems(List<Problem> found) {
    try {
      archive.addProblems(volume.name(), ticket.pass(), found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void notices(List<Notice> found) {
    try {
      archive.addNotices(volume.name(), ticket.pass(), found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<TreePath> mountPoints() {
    try {
      return archive.mountPoints(volume.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void mountPoints(List<TreePath> more) {
    try {
      archive.addMountPoints(volume.name(), more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void forgetMountPoints() {
    try {
      archive.forgetMountPoints(volume.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void met(long generation, long seed) {
    try {
      archive.met(volume.name(), generation, seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PassReport report(PassEnding ending) {
    return switch (ending) {
      case PassEnding.Complete complete -> {
        long problems = problemCount();
        yield report(
            problems == 0 ? Outcome.DONE : Outcome.PROBLEMS, complete.counters(), null, null);
      }
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

  PassReport cancelled() {
    return report(Outcome.CANCELLED, Counters.NONE, null, null);
  }

  private PassReport report(
      Outcome outcome, Counters counters, @Nullable Guard guard, @Nullable Failure failure) {
    PassProgress found = last == null ? ticket.progress() : last;
    Duration took = Duration.between(ticket.startedAt(), clock.instant());
    return new PassReport(
        volume.name(),
        volume.target(),
        ticket.pass(),
        outcome,
        ticket.startedAt(),
        took.toNanos() / 1e9,
        found.entriesFound(),
        found.filesFound(),
        found.directoriesFound(),
        counters.filesCommitted(),
        counters.filesRenamed(),
        counters.entriesDeleted(),
        counters.metadataOnly(),
        found.bytesFound(),
        counters.literalBytes(),
        counters.matchedBytes(),
        wireBytesSent,
        wireBytesReceived,
        counters.busyFiles(),
        problemCount(),
        listed(),
        noticesFound(),
        Optional.ofNullable(guard),
        Optional.ofNullable(failure));
  }

  private long problemCount() {
    try {
      return archive.problemCount(volume.name(), ticket.pass());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Problem> listed() {
    try {
      return archive.problems(volume.name(), ticket.pass(), 0, PassReport.PROBLEMS_LISTED_MAX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Notice> noticesFound() {
    try {
      return archive.notices(volume.name(), ticket.pass());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
