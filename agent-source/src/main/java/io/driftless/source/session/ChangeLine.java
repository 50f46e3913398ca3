package io.driftless.source.session;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.source.read.Writeback;
import io.driftless.source.scan.Itinerary;
import io.driftless.source.scan.LinkTable;
import io.driftless.source.scan.MountPoints;
import io.driftless.source.scan.SearchPace;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A conversation about a volume that stays open, for one pass over changes after the other. */
public final class ChangeLine implements Line {
  private final PassSettings settings;
  private final ConfinedRoot root;
  private final SourceVolume volume;
  private final Conversation conversation;
  private final VolumeOpened opened;
  private final Relay relay;
  private final List<TreePath> mountPoints;
  private final InstantSource clock;
  private final SearchPace pace = new SearchPace(System::nanoTime);
  private volatile boolean cancelled;
  private volatile @Nullable PassWork current;

  private ChangeLine(
      PassSettings settings,
      ConfinedRoot root,
      Conversation conversation,
      VolumeOpened opened,
      Relay relay,
      List<TreePath> mountPoints,
      InstantSource clock) {
    this.settings = settings;
    this.root = root;
    this.volume = new SourceVolume(settings, root);
    this.conversation = conversation;
    this.opened = opened;
    this.relay = relay;
    this.mountPoints = List.copyOf(mountPoints);
    this.clock = clock;
  }

  /** Hands what the target says to the pass that runs. */
  private static final class Relay implements ConversationListener {
    private final Runnable whenEnded;
    private volatile PassListener to;
    private volatile @Nullable SessionEnd end;

    Relay(PassListener to, Runnable whenEnded) {
      this.to = to;
      this.whenEnded = whenEnded;
    }

    /** From now on it is the one to hear; of an end that came between two passes as well. */
    synchronized void hand(PassListener next) {
      to = next;
      if (end != null) {
        next.ended(end);
      }
    }

    boolean hasEnded() {
      return end != null;
    }

    @Override
    public void received(Message message) {
      to.received(message);
    }

    @Override
    public void ended(SessionEnd reason) {
      synchronized (this) {
        end = reason;
        to.ended(reason);
      }
      whenEnded.run();
    }
  }

  /**
   * Opens a line.
   *
   * @param mountPoints where something was mounted at earlier passes
   * @param whenEnded hears that nothing can be shipped any more, whoever ended it; from any thread
   */
  public static Opening open(
      PassSettings settings,
      Session session,
      List<TreePath> mountPoints,
      InstantSource clock,
      Runnable whenEnded)
      throws InterruptedException {
    ConfinedRoot root;
    try {
      root = ConfinedRoot.open(settings.root().toString());
    } catch (IOException e) {
      return new Opening.NotOpened(PassRun.noRoot(e));
    }
    Opening opening = null;
    try {
      opening = open(settings, session, root, mountPoints, clock, whenEnded);
      return opening;
    } catch (IOException e) {
      return new Opening.NotOpened(
          new PassEnding.Broken(PassWork.broken(String.valueOf(e.getMessage()))));
    } finally {
      if (!(opening instanceof Opening.Opened)) {
        root.close();
      }
    }
  }

  private static Opening open(
      PassSettings settings,
      Session session,
      ConfinedRoot root,
      List<TreePath> mountPoints,
      InstantSource clock,
      Runnable whenEnded)
      throws IOException, InterruptedException {
    var pace = new SearchPace(System::nanoTime);
    var first = work(settings, new Itinerary.Tree(TreePath.ROOT), pace, 0, new Found(), clock);
    var relay = new Relay(first.listener(), whenEnded);
    Conversation conversation = session.open(new SourceVolume(settings, root).opening(), relay);
    conversation.weigh(settings.weight());
    boolean stays = false;
    try {
      PassSignals signals = first.signals();
      signals.await(() -> signals.opened() != null || signals.isOver());
      VolumeOpened opened = signals.opened();
      if (opened == null || signals.isOver()) {
        return new Opening.NotOpened(first.ending());
      }
      var unfit = PassRun.unfit(opened.windows());
      if (unfit != null) {
        return new Opening.NotOpened(new PassEnding.Failed(unfit));
      }
      stays = true;
      return new Opening.Opened(
          new ChangeLine(settings, root, conversation, opened, relay, mountPoints, clock));
    } finally {
      if (!stays) {
        end(conversation);
      }
    }
  }

  private static PassWork work(
      PassSettings settings,
      Itinerary itinerary,
      SearchPace pace,
      long pass,
      Found found,
      InstantSource clock) {
    return new PassWork(settings, PassRequest.PLAIN, itinerary, pace, pass, found, clock);
  }

  /** What one pass finds. */
  private static final class Found implements PassFindings {
    final List<Problem> problems = new ArrayList<>();

    @Override
    public void problems(List<Problem> found) {
      problems.addAll(found);
    }

    @Override
    public void differences(List<Difference> found) {}

    @Override
    public void hashed(TreePath path, ContentSum content) {}

    @Override
    public void notices(List<Notice> found) {}

    @Override
    public List<TreePath> mountPoints() {
      return List.of();
    }

    @Override
    public void mountPoints(List<TreePath> more) {}

    @Override
    public void forgetMountPoints() {}

    @Override
    public void met(long generation, long seed) {}
  }

  /** What the target said of the volume when it opened. */
  public VolumeOpened opened() {
    return opened;
  }

  @Override
  public Shipment ship(Itinerary.Changes changes, long pass) throws InterruptedException {
    var found = new Found();
    PassWork work = work(settings, changes, pace, pass, found, clock);
    PassEnding ending;
    current = work;
    relay.hand(work.listener());
    if (cancelled) {
      work.signals().cancel();
    }
    try (var links = new LinkTable(settings.scratch(), LinkTable.Limits.DEFAULT)) {
      var books =
          new PassWork.Books(
              links, new MountPoints(mountPoints), WitnessStore.none(), Writeback.none(clock));
      ending = work.run(volume, conversation, opened, books);
    } catch (IOException e) {
      ending = PassRun.noRoot(e);
    } finally {
      work.finish();
      current = null;
    }
    return new Shipment(
        ending, found.problems, work.sightings(), pace.rest(), work.tally().entriesFound());
  }

  @Override
  public boolean hasEnded() {
    return relay.hasEnded();
  }

  @Override
  public void cancel() {
    cancelled = true;
    Optional.ofNullable(current).ifPresent(work -> work.signals().cancel());
  }

  private static void end(Conversation conversation) {
    conversation.end(
        new SessionEnd(
            SessionEnd.Cause.CLOSED_HERE, SessionEnd.PASS_ENDED, "the pass has ended", ""));
  }

  @Override
  public void close() {
    end(conversation);
    root.close();
  }
}
