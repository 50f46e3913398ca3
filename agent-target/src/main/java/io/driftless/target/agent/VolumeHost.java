package io.driftless.target.agent;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Role;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.message.VolumeMessage.VolumeKind;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.target.session.PoisonStore;
import io.driftless.target.session.Population;
import io.driftless.target.session.RecentDeletions;
import io.driftless.target.session.ReplicaObserver;
import io.driftless.target.session.ReplicaOptions;
import io.driftless.target.session.ReplicaOptions.SourceRoot;
import io.driftless.target.session.ReplicaOptions.Witnesses;
import io.driftless.target.session.ReplicaSession;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import io.driftless.target.stage.RedoRecovery;
import io.driftless.target.state.VolumeLedger;
import io.driftless.target.state.VolumeLedger.VolumeFacts;
import java.io.IOException;
import java.nio.file.Path;
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

  private static final String HELD_BY = "held-by";

  private final ReplicaSettings settings;
  private final VolumeLedger ledger;
  private final Predicate<String> listedAgents;
  private final InstantSource clock;

  /** Held while a conversation is opened or fenced; such work waits for disks. */
  private final ReentrantLock turnstile = new ReentrantLock();

  private final RecentDeletions recentDeletions = new RecentDeletions();
  private volatile @Nullable Opened current;
  private volatile Activity activity;

  VolumeHost(
      ReplicaSettings settings,
      VolumeLedger ledger,
      Predicate<String> listedAgents,
      InstantSource clock) {
    this.settings = settings;
    this.ledger = ledger;
    this.listedAgents = listedAgents;
    this.clock = clock;
    this.activity = new Activity("new", "no source has connected yet", clock.instant(), 0);
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
        RootCheck.check(settings);
        try (ConfinedRoot root = ConfinedRoot.open(settings.root().toString())) {
          new RedoRecovery(root).runAndTell(settings.name());
        }
      }
    } catch (Refusal e) {
      LOG.info("volume {} is not looked into: {}", settings.name(), e.getMessage());
    } catch (IOException e) {
      LOG.error("volume {} may have a file that is half changed", settings.name(), e);
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
      VolumeFacts facts = admit(agentId, message); // before anything is taken from the one before
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
    if (!refusal.slug().equals(HELD_BY)) {
      activity =
          new Activity(
              "held",
              "%s was refused: %s".formatted(agentName, refusal.getMessage()),
              clock.instant(),
              activity.problems(),
              refusal.hint());
    }
  }

  private VolumeFacts admit(String agentId, OpenVolume message) throws Refusal, IOException {
    if (message.role() != Role.SOURCE || message.kind() != VolumeKind.TREE) {
      throw new Refusal(
          "role-refused",
          "volume %s is the target of a directory tree here".formatted(settings.name()),
          "use the same version of driftless on both hosts");
    }
    VolumeFacts facts = ledger.factsOf(settings.name());
    Optional<String> holder = facts.agent().filter(listedAgents);
    if (holder.isPresent() && !holder.get().equals(agentId)) {
      throw new Refusal(
          HELD_BY,
          "volume %s is brought by another agent".formatted(settings.name()),
          "revoke that agent on the target first: driftless target agents");
    }
    requireWritable(facts, message);
    RootCheck.check(settings);
    if (holder.isEmpty()) {
      ledger.bind(settings.name(), agentId);
    }
    return facts;
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
        settings.witnesses().map(file -> new Witnesses(file, identity(agentId, facts, message))),
        settings.disk());
  }

  private static String identity(String agentId, VolumeFacts facts, OpenVolume message) {
    return "%d %s %s %s"
        .formatted(
            facts.generation(),
            agentId,
            textOf(message.root()),
            String.join("\n", message.filters()));
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

  private void requireWritable(VolumeFacts facts, OpenVolume message) throws Refusal {
    if (facts.state() != VolumeState.REPLICA) {
      throw new Refusal(
          facts.state() == VolumeState.RELEASED ? "released" : "live",
          "volume %s is %s on the target, no source may write to it"
              .formatted(
                  settings.name(), facts.state() == VolumeState.RELEASED ? "released" : "live"),
          "look at the target before anything else: driftless status");
    }
    if (message.generation() != 0 && message.generation() != facts.generation()) {
      throw new Refusal(
          "generation",
          "volume %s has generation %d here and %d at the source"
              .formatted(settings.name(), facts.generation(), message.generation()),
          "the direction was changed meanwhile; look at the target before anything else");
    }
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

  private void become(String state, String reason, long problems) {
    activity = new Activity(state, reason, clock.instant(), problems);
  }

  ReplicaStatus status(Optional<String> boundAgent) throws IOException {
    VolumeFacts facts = ledger.factsOf(settings.name());
    Activity now = activity;
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

  /** A conversation from its first message on: passes on what it hears once the volume is open. */
  private final class Opened implements ConversationListener, ReplicaObserver {
    private final String agentName;
    private final String sourceRoot;
    private final Conversation conversation;
    private volatile @Nullable ReplicaSession replica;
    private boolean ended;
    private @Nullable SessionEnd end;
    private volatile Instant passBegan = Instant.EPOCH;
    private long problemsOfPass;
    private volatile boolean owesAResult;

    Opened(String agentName, String sourceRoot, Conversation conversation) {
      this.agentName = agentName;
      this.sourceRoot = sourceRoot;
      this.conversation = conversation;
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
      passBegan = clock.instant();
      if (!pass.effect().isNone()) {
        keep(pass, () -> ledger.writing(settings.name()));
      }
      synchronized (this) {
        problemsOfPass = 0;
      }
      become("passing", "pass %d of %s".formatted(pass.number(), agentName), 0);
    }

    @Override
    public synchronized void problems(long more) {
      problemsOfPass += more;
    }

    @Override
    public void sawAll(Population population) {
      try {
        ledger.seeded(settings.name(), sourceRoot, population);
      } catch (IOException e) {
        LOG.error("the first pass of {} can't be recorded", settings.name(), e);
      }
    }

    @Override
    public void passEnded(BeginPass pass, PassResult result) {
      if (!pass.effect().isNone()) {
        keep(
            pass,
            () -> {
              ledger.wrote(settings.name());
              if (result.outcome() == Outcome.COMPLETE) {
                ledger.passSucceeded(settings.name(), passBegan);
              }
            });
      }
      long problems;
      synchronized (this) {
        problems = problemsOfPass;
      }
      owesAResult = false;
      become("paused", "pass %d ended: %s".formatted(pass.number(), describe(result)), problems);
    }

    /** Something that is written to the ledger. */
    @FunctionalInterface
    private interface Note {
      void write() throws IOException;
    }

    private void keep(BeginPass pass, Note note) {
      try {
        note.write();
      } catch (IOException e) {
        LOG.error("pass {} of {} can't be recorded", pass.number(), settings.name(), e);
      }
    }

    @Override
    public Optional<Population> population() {
      try {
        return ledger.population(settings.name());
      } catch (IOException e) {
        LOG.error("how much there is of {} can't be told", settings.name(), e);
        return Optional.empty();
      }
    }

    @Override
    public RecentDeletions recentDeletions() {
      return recentDeletions;
    }

    @Override
    public Optional<Instant> lastWrote() {
      try {
        return ledger.factsOf(settings.name()).wroteAt();
      } catch (IOException e) {
        LOG.error("when {} was last written to can't be told", settings.name(), e);
        return Optional.empty();
      }
    }

    private static String describe(PassResult result) {
      return result.outcome() == Outcome.COMPLETE ? "complete" : result.message();
    }
  }
}
