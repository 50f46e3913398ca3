package io.driftless.source.session;

import io.driftless.protocol.message.ComparisonMessage;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.DeletionMessage;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.EnrolmentMessage;
import io.driftless.protocol.message.LinkMessage;
import io.driftless.protocol.message.LookMessage;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.SessionMessage;
import io.driftless.protocol.message.VolumeMessage;
import io.driftless.protocol.message.VolumeMessage.Blocked;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.source.send.Answers;
import io.driftless.source.send.OpenSlices;
import io.driftless.source.send.ViolationException;
import io.driftless.source.send.Window;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hears what the target says in a pass and hands it to whom it concerns, without ever blocking. */
final class PassListener implements ConversationListener {
  private static final Set<Trait> CHRONICLED = Set.of(Trait.EXTRA, Trait.RENAMED);

  private final PassSignals signals;
  private final FindingsRelay findings;
  private final OwnerNotices owners;
  private final PassRequest request;
  private volatile @Nullable Hearers hearers;
  private volatile Optional<String> blocked = Optional.empty();
  private volatile Optional<String> queued = Optional.empty();

  PassListener(
      PassSignals signals, FindingsRelay findings, OwnerNotices owners, PassRequest request) {
    this.owners = owners;
    this.request = request;
    this.signals = signals;
    this.findings = findings;
  }

  /** Who is concerned, once the pass goes on. */
  record Hearers(OpenSlices slices, Answers answers, Window linkGroups) {}

  void hand(Hearers to) {
    hearers = to;
  }

  /** Why the target can't go on, if it can't. */
  /** Why the pass has not begun on the target; empty once it has. */
  Optional<String> queued() {
    return queued;
  }

  Optional<String> blocked() {
    return blocked;
  }

  @Override
  public void received(Message message) {
    switch (message) {
      case VolumeMessage volume -> received(volume);
      case PassMessage pass -> received(pass);
      case ContentMessage content -> received(content);
      case LinkMessage.LinkGroupsDone done -> hearers().linkGroups().reopen(done.groups().size());
      case LinkMessage.LinkGroup _, LinkMessage.EndOfLinks _ -> throw unexpected(message);
      case DeletionMessage deletion -> received(deletion);
      case ComparisonMessage comparison -> received(comparison);
      case SessionMessage _, EnrolmentMessage _, LookMessage _ -> throw unexpected(message);
    }
  }

  private void received(VolumeMessage message) {
    switch (message) {
      case VolumeMessage.VolumeOpened opened -> {
        if (signals.opened() != null) {
          throw unexpected(message);
        }
        signals.opened(opened);
      }
      case Blocked reason -> {
        blocked = Optional.of(textOf(reason));
        signals.change();
      }
      case VolumeMessage.Queued(int place) -> {
        queued =
            Optional.of(
                "place %d in line: the target lets some passes run at a time".formatted(place));
        signals.change();
      }
      case VolumeMessage.Unblocked _ -> {
        blocked = Optional.empty();
        queued = Optional.empty();
        signals.change();
      }
      case VolumeMessage.CloseVolume close ->
          ended(new SessionEnd(SessionEnd.Cause.PEER, close.slug(), close.message(), close.hint()));
      case VolumeMessage.OwnerNames names -> owners.answered(names);
      case VolumeMessage.OpenVolume _ -> throw unexpected(message);
    }
  }

  private static String textOf(Blocked blocked) {
    return "%s: %d bytes and %d inodes are missing on the target"
        .formatted(blocked.reason(), blocked.missingBytes(), blocked.missingInodes());
  }

  private void received(PassMessage message) {
    switch (message) {
      case PassMessage.PassBegun begun -> signals.begun(begun.proof());
      case PassMessage.Verdicts verdicts -> {
        OpenSlices slices = hearers().slices();
        for (Verdict verdict : verdicts.verdicts()) {
          slices.decided(verdict);
        }
      }
      case PassMessage.SlicesDone done -> {
        OpenSlices slices = hearers().slices();
        for (long slice : done.slices()) {
          slices.done(slice);
        }
      }
      case PassMessage.Staged staged -> hearers().slices().staged(staged.streamedBytes());
      case PassMessage.Acknowledged _ -> {}
      case PassMessage.Revisit revisit -> {
        if (!signals.revisit(revisit)) {
          throw unexpected(message);
        }
      }
      case PassMessage.WalkApplied _ -> signals.walkApplied();
      case PassMessage.Problems problems -> {
        for (Problem problem : problems.problems()) {
          findings.problem(problem);
        }
      }
      case PassMessage.Notices notices -> {
        for (Notice notice : notices.notices()) {
          findings.notice(notice);
        }
      }
      case PassMessage.PassResult result -> received(result);
      case PassMessage.BeginPass _,
          PassMessage.Offers _,
          PassMessage.EndOfWalk _,
          PassMessage.CancelPass _ ->
          throw unexpected(message);
    }
  }

  private void received(DeletionMessage message) {
    switch (message) {
      case DeletionMessage.ConfirmAbsent question -> {
        if (!signals.isWalkSent() && !request.effect().isNone()) {
          throw unexpected(message);
        }
        hearers().answers().confirm(question);
      }
      case DeletionMessage.Absences _, DeletionMessage.Missing _ -> throw unexpected(message);
    }
  }

  private void received(ComparisonMessage message) {
    switch (message) {
      case Examine examine -> {
        if (request.effect() == Effect.APPLY && request.compare() != Compare.CONTENT) {
          throw unexpected(message);
        }
        hearers().answers().want(examine);
      }
      case GoneThrough some -> {
        if (request.compare() != Compare.CONTENT) {
          throw unexpected(message);
        }
        hearers().answers().examinedByTarget(some.bytes());
      }
      case Differences differences -> {
        requireExpected(differences);
        findings.differences(differences);
      }
      case Examined _, DifferencesTaken _ -> throw unexpected(message);
    }
  }

  /** A pass that is not itemized hears of nothing but deletions and renames. */
  private void requireExpected(Differences message) {
    boolean isExpected =
        request.effect() != Effect.APPLY
            || message.differences().stream().map(Difference::trait).allMatch(CHRONICLED::contains);
    if (!isExpected) {
      throw unexpected(message);
    }
  }

  private void received(PassMessage.PassResult result) {
    boolean tooEarly =
        result.outcome() == PassMessage.Outcome.COMPLETE && !signals.isEverythingSent();
    if (tooEarly || signals.result() != null) {
      throw unexpected(result);
    }
    signals.result(result);
  }

  private void received(ContentMessage message) {
    switch (message) {
      case ContentMessage.Want want -> hearers().answers().want(want);
      case ContentMessage.WantUnlessSame want -> hearers().answers().want(want);
      case ContentMessage.WantSegment want -> hearers().answers().want(want);
      case DeltaMessage.CompareSegment compare -> hearers().answers().want(compare);
      case DeltaMessage.RefinedSegment refined -> hearers().answers().answered(refined);
      case DeltaMessage.RefineSegment _ -> throw unexpected(message);
      case ContentMessage.Listing _,
          ContentMessage.Contents _,
          ContentMessage.Segment _,
          DeltaMessage.SegmentDelta _ -> {
        message.release();
        throw unexpected(message);
      }
    }
  }

  private Hearers hearers() {
    Hearers to = hearers;
    if (to == null) {
      throw new ViolationException("the target answers before it was asked");
    }
    return to;
  }

  private static ViolationException unexpected(Message message) {
    return new ViolationException(
        "the target sends %s at a point where it may not"
            .formatted(message.getClass().getSimpleName()));
  }

  @Override
  public void ended(SessionEnd reason) {
    signals.ended(reason);
  }
}
