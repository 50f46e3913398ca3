package io.driftless.target.agent;

import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.PoisonStore;
import io.driftless.target.session.Population;
import io.driftless.target.session.RecentLosses;
import io.driftless.target.session.Release;
import io.driftless.target.session.ReplicaObserver;
import io.driftless.target.session.ReplicaOptions;
import io.driftless.target.session.ReplicaOptions.SourceRoot;
import io.driftless.target.session.ReplicaOptions.Witnesses;
import io.driftless.target.session.ReplicaSession;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import io.driftless.target.state.VolumeLedger;
import io.driftless.target.state.VolumeLedger.VolumeFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One volume on the target and the one conversation that may write to it. Thread-safe.
 *
 * <p>A new conversation is answered only when the one before has been fenced: then nothing of the
 * old one is written any more.
 */
final class VolumeHost {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeHost.class);

  /** Changes bear the time of the last tick of the kernel, which may be as long ago. */
  private static final Duration TICKS_OF_FILE_SYSTEMS = Duration.ofMillis(25);

  private final ReplicaSettings settings;
  private final VolumeLedger ledger;
  private final InstantSource clock;
  private final VolumeGate gate;

  /** Held while a conversation is opened or fenced; such work waits for disks. */
  private final ReentrantLock turnstile = new ReentrantLock();

  private final RecentLosses recentLosses = new RecentLosses();
  private volatile @Nullable Opened current;
  private volatile Activity activity;

  VolumeHost(
      ReplicaSettings settings,
      VolumeLedger ledger,
      Predicate<String> listedAgents,
      InstantSource clock) {
    this.settings = settings;
    this.ledger = ledger;
    this.clock = clock;
    this.gate = new VolumeGate(settings, ledger, listedAgents);
    this.activity = new Activity("new", "no source has connected yet", clock.instant(), 0);
  }

  String name() {
    return settings.name();
  }

  Path root() {
    return settings.root();
  }

  /** Finishes what an earlier agent was changing, whether a source comes or not; never blocks. */
  void recover() {
    Thread.ofVirtual().name("recover-" + settings.name()).start(this::recoverNow);
  }

  private void recoverNow() {
    turnstile.lock();
    try {
      if (current == null) {
        if (ledger.factsOf(settings.name()).release().isPresent()) {
          settle();
        } else {
          LooseEnds.finish(settings);
        }
      }
    } catch (Refusal e) {
      LOG.info("volume {} is not looked into: {}", settings.name(), e.getMessage());
    } catch (IOException e) {
      LOG.error("volume {} may have a file that is half changed", settings.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      turnstile.unlock();
    }
  }

  private record Activity(String state, String reason, Instant since, long problems, String next) {
    Activity(String state, String reason, Instant since, long problems) {
      this(state, reason, since, problems, "");
    }
  }

  /**
   * Takes up a conversation; never blocks. The answer comes when the volume is open, or is a
   * refusal.
   */
  ConversationListener opening(
      String agentId, String agentName, OpenVolume message, Conversation conversation) {
    var opened = new Opened(agentName, textOf(message.root()), conversation);
    Thread.ofVirtual()
        .name("open-" + settings.name())
        .start(() -> open(agentId, message, conversation, opened));
    return opened;
  }

  private void open(String agentId, OpenVolume message, Conversation conversation, Opened opened) {
    turnstile.lock();
    try {
      VolumeFacts facts =
          gate.admit(agentId, message); // before anything is taken from the one before
      fenceCurrent(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE, "fenced", "a newer session took over the volume", ""));
      ReplicaSession replica =
          ReplicaSession.open(options(agentId, facts, message), conversation, poison(), opened);
      current = opened;
      VolumeOpened answer =
          new VolumeOpened(
              facts.generation(),
              facts.state(),
              facts.seed(),
              replica.windows(),
              facts.standing(),
              replica.room());
      become("paused", "connected to " + opened.agentName, activity.problems());
      if (opened.begin(replica)) {
        conversation.send(answer);
      } else {
        fenceCurrent(null);
      }
    } catch (Refusal refusal) {
      LOG.warn(
          "volume {} refused to {}: {}", settings.name(), opened.agentName, refusal.getMessage());
      show(refusal, opened.agentName);
      conversation.end(refusal.asEnd());
    } catch (IOException | RuntimeException | Error e) { // the source waits for an answer
      LOG.error("volume {} can't be opened", settings.name(), e);
      conversation.end(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE,
              "target-root",
              "volume %s can't be opened: %s".formatted(settings.name(), e.getMessage()),
              "see the log of the target agent"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      turnstile.unlock();
    }
  }

  /** A stranger who is refused says nothing about the volume of the agent that has it. */
  private void show(Refusal refusal, String agentName) {
    if (!refusal.slug().equals(VolumeGate.HELD_BY)) {
      activity =
          new Activity(
              "held",
              "%s was refused: %s".formatted(agentName, refusal.getMessage()),
              clock.instant(),
              activity.problems(),
              refusal.hint());
    }
  }

  private ReplicaOptions options(String agentId, VolumeFacts facts, OpenVolume message)
      throws Refusal {
    return ReplicaOptions.of(
        settings.name(),
        settings.root(),
        facts.seed(),
        facts.standing(),
        sourceRoot(facts, message.root()),
        message.owners(),
        SourceFilters.parse(message.filters()),
        settings.witnesses().map(file -> new Witnesses(file, identity(agentId, message))),
        settings.disk());
  }

  private static String identity(String agentId, OpenVolume message) {
    return "%s %s %s"
        .formatted(agentId, textOf(message.root()), String.join("\n", message.filters()));
  }

  private static SourceRoot sourceRoot(VolumeFacts facts, RootIdentity root) {
    return facts.sourceRoot().isEmpty() || facts.sourceRoot().equals(textOf(root))
        ? SourceRoot.SAME
        : SourceRoot.CHANGED;
  }

  private static String textOf(RootIdentity root) {
    return "%s:%d:%d".formatted(root.fileSystem(), root.inode(), root.inodeGeneration());
  }

  private PoisonStore poison() {
    return new LedgerPoison(ledger, settings.name());
  }

  private void fenceCurrent(@Nullable SessionEnd reason) throws InterruptedException {
    Opened before = current;
    if (before == null) {
      return;
    }
    if (reason != null) {
      before.conversation.end(reason);
    }
    before.fence();
    current = null;
  }

  /** Ends the conversation, if there is one, and waits until nothing is written any more. */
  void close() throws InterruptedException {
    close(SessionEnd.STOPPING, "the target agent stops");
  }

  /** As {@link #close}, because the target does not have the volume any more. */
  void withdraw() throws InterruptedException {
    close("volume-removed", "volume %s was removed on the target".formatted(settings.name()));
  }

  private void close(String slug, String message) throws InterruptedException {
    Opened open = current;
    if (open != null) {
      open.abandon();
    }
    turnstile.lockInterruptibly();
    try {
      fenceCurrent(new SessionEnd(SessionEnd.Cause.CLOSED_HERE, slug, message, ""));
    } finally {
      turnstile.unlock();
    }
  }

  /**
   * Takes the right to write from every source. When this returns, that is durable, and nothing is
   * written any more.
   *
   * @return what could not be finished in the volume, if anything
   */
  Optional<String> release(String reason) throws IOException, InterruptedException {
    ledger.release(settings.name(), reason);
    Opened open = current;
    if (open != null) {
      open.abandon();
    }
    turnstile.lockInterruptibly();
    try {
      Optional<Release> release = ledger.factsOf(settings.name()).release();
      if (release.isEmpty()) {
        return Optional.empty(); // reclaimed again meanwhile
      }
      fenceCurrent(VolumeGate.released(settings.name(), release.get()).asEnd());
      settle();
      return Optional.empty();
    } catch (Refusal e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      turnstile.unlock();
    }
  }

  /** Writes to a released volume for the last time, if that has not been done. */
  private void settle() throws Refusal, IOException, InterruptedException {
    boolean isQuiet =
        ledger.factsOf(settings.name()).release().flatMap(Release::quietSince).isPresent();
    if (isQuiet) {
      return;
    }
    try {
      LooseEnds.tieUp(settings);
    } catch (IOException e) {
      LOG.error("volume {} may have a file that is half changed", settings.name(), e);
      throw new Refusal(
          "half-changed",
          "what was under way in %s can't be finished: %s"
              .formatted(Escaped.display(settings.root().toString()), e.getMessage()),
          "look at the kernel's log");
    }
    ledger.quiet(settings.name(), clock.instant().plusMillis(1));
    Thread.sleep(TICKS_OF_FILE_SYSTEMS);
  }

  /**
   * Lets the source write again.
   *
   * @return whether the volume was released as the caller says
   */
  boolean reclaim(Optional<Instant> quietSince, Written written)
      throws IOException, InterruptedException {
    turnstile.lockInterruptibly();
    try {
      Optional<Release> release = ledger.factsOf(settings.name()).release();
      if (!release.flatMap(Release::quietSince).equals(quietSince)) {
        return false;
      }
      ledger.reclaim(settings.name(), written);
      if (release.isPresent()) {
        become("paused", "reclaimed; waits for a pass of its source", activity.problems());
      }
      return true;
    } finally {
      turnstile.unlock();
    }
  }

  Ownership ownership(Optional<String> boundAgent, Optional<String> unfinished) throws IOException {
    VolumeFacts facts = ledger.factsOf(settings.name());
    return new Ownership(
        settings.name(),
        settings.root().toString(),
        boundAgent,
        facts.generation(),
        facts.release(),
        unfinished,
        ledger.lastWholePass(settings.name()),
        ledger.latestPass(settings.name()),
        facts.durableAt(),
        ledger.poisoned(settings.name()).size());
  }

  private void become(String state, String reason, long problems) {
    activity = new Activity(state, reason, clock.instant(), problems);
  }

  ReplicaStatus status(Optional<String> boundAgent) throws IOException {
    VolumeFacts facts = ledger.factsOf(settings.name());
    Activity now = facts.release().map(this::shown).orElse(activity);
    Opened open = current;
    Optional<String> blocked = open == null ? Optional.empty() : open.blocked();
    Optional<Room> room = RootCheck.room(settings);
    return new ReplicaStatus(
        settings.name(),
        settings.root().toString(),
        boundAgent,
        facts.generation(),
        blocked.isPresent() ? "blocked" : now.state(),
        blocked.orElse(now.reason()),
        now.since(),
        blocked.isPresent() ? "looks again every 10 s and goes on by itself" : now.next(),
        facts.durableAt(),
        now.problems(),
        room.map(Room::freeBytes).orElse(-1L),
        room.map(Room::freeInodes).orElse(-1L));
  }

  private Activity shown(Release release) {
    return new Activity(
        "released",
        release.reason().isEmpty() ? "no source may write to it" : release.reason(),
        release.since(),
        activity.problems(),
        "driftless target reclaim %s lets its source write again".formatted(settings.name()));
  }

  /** A conversation from its first message on: passes on what it hears once the volume is open. */
  private final class Opened implements ConversationListener, ReplicaObserver {
    private final String agentName;
    private final String sourceRoot;
    private final Conversation conversation;
    private final PassNotes notes;
    private volatile @Nullable ReplicaSession replica;
    private boolean ended;
    private @Nullable SessionEnd end;
    private volatile boolean owesAResult;

    Opened(String agentName, String sourceRoot, Conversation conversation) {
      this.agentName = agentName;
      this.sourceRoot = sourceRoot;
      this.conversation = conversation;
      this.notes = new PassNotes(ledger, settings.name(), agentName, clock);
    }

    /** Returns whether the conversation still stands. */
    synchronized boolean begin(ReplicaSession opened) {
      replica = opened;
      if (ended && end != null) {
        opened.ended(end);
      }
      return !ended;
    }

    @Override
    public void received(Message message) {
      ReplicaSession open = replica;
      if (open == null) {
        throw new IllegalStateException("the source did not wait for the volume to be open");
      }
      open.received(message);
    }

    @Override
    public void ended(SessionEnd reason) {
      ReplicaSession open;
      synchronized (this) {
        ended = true;
        end = reason;
        open = replica;
      }
      if (open != null) {
        open.ended(reason);
      }
      boolean inOrder = reason.slug().equals(SessionEnd.PASS_ENDED) && !owesAResult;
      if (current == this && !inOrder) {
        become("disconnected", reason.message(), activity.problems());
      }
    }

    void abandon() {
      ReplicaSession open = replica;
      if (open != null) {
        open.abandon();
      }
    }

    void fence() throws InterruptedException {
      ReplicaSession open = replica;
      if (open != null) {
        open.fence();
      }
    }

    Optional<String> blocked() {
      ReplicaSession open = replica;
      return open == null ? Optional.empty() : open.blocked();
    }

    @Override
    public void passBegan(BeginPass pass) {
      owesAResult = true;
      notes.began(pass);
      if (pass.course() == Course.CHANGES) {
        follow(activity.problems());
      } else {
        become("passing", "pass %d of %s".formatted(pass.number(), agentName), 0);
      }
    }

    private void follow(long problems) {
      Activity now = activity;
      boolean goesOn = now.state().equals("replicating") && now.problems() == problems;
      if (!goesOn) {
        become("replicating", "follows " + agentName, problems);
      }
    }

    @Override
    public void rested() {
      notes.rest();
    }

    @Override
    public void problems(long more) {
      notes.problems(more);
    }

    @Override
    public void sawAll(Population population) {
      notes.sawAll(sourceRoot, population);
    }

    @Override
    public void passEnded(BeginPass pass, PassResult result) {
      long problems = notes.ended(result);
      owesAResult = false;
      if (pass.course() == Course.CHANGES && result.outcome() == Outcome.COMPLETE) {
        follow(problems);
      } else {
        become("paused", "pass %d ended: %s".formatted(pass.number(), describe(result)), problems);
      }
    }

    @Override
    public Optional<Population> population() {
      return notes.population();
    }

    @Override
    public RecentLosses recentLosses() {
      return recentLosses;
    }

    @Override
    public Optional<Instant> lastWrote() {
      return notes.lastWrote();
    }

    private static String describe(PassResult result) {
      return result.outcome() == Outcome.COMPLETE ? "complete" : result.message();
    }
  }
}
