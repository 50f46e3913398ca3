package io.driftless.target.agent;

import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.PoisonStore;
import io.driftless.target.session.RecentLosses;
import io.driftless.target.session.Release;
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
 * One volume on the target, the one conversation that may write to it, and the one that looks at it
 * meanwhile. Thread-safe.
 *
 * <p>A new conversation that may write is answered only when the one before has been fenced: then
 * nothing of the old one is written any more.
 */
final class VolumeHost {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeHost.class);

  /** Changes bear the time of the last tick of the kernel, which may be as long ago. */
  private static final Duration TICKS_OF_FILE_SYSTEMS = Duration.ofMillis(25);

  private final ReplicaSettings settings;
  private final VolumeLedger ledger;
  private final InstantSource clock;
  private final VolumeGate gate;

  /** Held while a conversation that writes is opened or fenced; such work waits for disks. */
  private final ReentrantLock turnstile = new ReentrantLock();

  private final RecentLosses recentLosses = new RecentLosses();
  private final VolumeReader reader = new VolumeReader();
  private final Activity activity;
  private volatile @Nullable Writer current;

  VolumeHost(
      ReplicaSettings settings,
      VolumeLedger ledger,
      Predicate<String> listedAgents,
      InstantSource clock) {
    this.settings = settings;
    this.ledger = ledger;
    this.clock = clock;
    this.gate = new VolumeGate(settings, ledger, listedAgents);
    this.activity = new Activity(clock);
  }

  /** The conversation that may write. */
  private record Writer(OpenConversation conversation, WritingObserver observer) {}

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

  /**
   * Takes up a conversation; never blocks. The answer comes when the volume is open, or is a
   * refusal.
   */
  ConversationListener opening(
      String agentId, String agentName, OpenVolume message, Conversation conversation) {
    var opening = new Opening(agentId, agentName, message);
    var opened = new OpenConversation(conversation, this::ended);
    Thread.ofVirtual()
        .name("open-" + settings.name())
        .start(() -> {
          switch (message.access()) {
            case WRITE -> opening.carryOut(opened, this::openToWrite, activity::refused);
            case READ -> opening.carryOut(opened, this::openToRead, (_, _) -> {});
          }
        });
    return opened;
  }

  private void ended(OpenConversation conversation, SessionEnd reason) {
    Writer writer = current;
    if (writer != null && writer.conversation() == conversation) {
      writer.observer().ended(reason);
    }
  }

  private void openToWrite(Opening opening, OpenConversation opened)
      throws Refusal, IOException, InterruptedException {
    turnstile.lockInterruptibly();
    try {
      // Before anything is taken from the one before.
      VolumeFacts facts = gate.admit(opening.agentId(), opening.message());
      fenceCurrent(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE, "fenced", "a newer session took over the volume", ""));
      var observer =
          new WritingObserver(
              opening.agentName(),
              opening.sourceRoot(),
              new PassNotes(ledger, settings.name(), opening.agentName(), clock),
              activity,
              recentLosses);
      ReplicaSession replica =
          ReplicaSession.open(options(facts, opening), opened.conversation(), poison(), observer);
      current = new Writer(opened, observer);
      activity.become("paused", "connected to " + opening.agentName());
      if (!answer(opened, facts, replica)) {
        fenceCurrent(null);
      }
    } finally {
      turnstile.unlock();
    }
  }

  private void openToRead(Opening opening, OpenConversation opened)
      throws Refusal, IOException, InterruptedException {
    reader.open(
        opened,
        () -> {
          VolumeFacts facts = gate.admitReader(opening.agentId(), opening.message());
          ReplicaSession replica =
              ReplicaSession.openToRead(
                  options(facts, opening),
                  opened.conversation(),
                  poison(),
                  new VolumeReader.Observer(this::wroteBefore));
          return answer(opened, facts, replica);
        });
  }

  /** Returns whether the conversation still stands. */
  private static boolean answer(OpenConversation opened, VolumeFacts facts, ReplicaSession replica)
      throws IOException {
    var answer =
        new VolumeOpened(
            facts.generation(),
            facts.state(),
            facts.seed(),
            replica.windows(),
            facts.standing(),
            replica.room());
    boolean stands = opened.begin(replica);
    if (stands) {
      opened.conversation().send(answer);
    }
    return stands;
  }

  /** When the agent had last written to the volume before whatever it writes now, if known. */
  private Optional<Instant> wroteBefore() {
    Writer writer = current;
    try {
      return writer == null
          ? ledger.factsOf(settings.name()).wroteAt()
          : writer.observer().wroteBefore();
    } catch (IOException e) {
      LOG.error("when {} was last written to can't be told", settings.name(), e);
      return Optional.empty();
    }
  }

  private ReplicaOptions options(VolumeFacts facts, Opening opening) throws Refusal {
    OpenVolume message = opening.message();
    return ReplicaOptions.of(
        settings.name(),
        settings.root(),
        facts.seed(),
        facts.standing(),
        sourceRoot(facts, opening.sourceRoot()),
        message.owners(),
        SourceFilters.parse(message.filters()),
        settings.windows(),
        message.access() == Access.READ
            ? Optional.empty()
            : settings.witnesses().map(file -> new Witnesses(file, opening.identity())),
        settings.shared());
  }

  private static SourceRoot sourceRoot(VolumeFacts facts, String root) {
    return facts.sourceRoot().isEmpty() || facts.sourceRoot().equals(root)
        ? SourceRoot.SAME
        : SourceRoot.CHANGED;
  }

  private PoisonStore poison() {
    return new LedgerPoison(ledger, settings.name());
  }

  private void fenceCurrent(@Nullable SessionEnd reason) throws InterruptedException {
    Writer before = current;
    if (before == null) {
      return;
    }
    if (reason != null) {
      before.conversation().end(reason);
    }
    before.conversation().fence();
    current = null;
  }

  /** Ends all conversations, and waits until nothing is written any more. */
  void close() throws InterruptedException {
    close(SessionEnd.STOPPING, "the target agent stops");
  }

  /** As {@link #close}, because the target does not have the volume any more. */
  void withdraw() throws InterruptedException {
    close("volume-removed", "volume %s was removed on the target".formatted(settings.name()));
  }

  private void close(String slug, String message) throws InterruptedException {
    var reason = new SessionEnd(SessionEnd.Cause.CLOSED_HERE, slug, message, "");
    abandon();
    reader.close(reason);
    turnstile.lockInterruptibly();
    try {
      fenceCurrent(reason);
    } finally {
      turnstile.unlock();
    }
  }

  private void abandon() {
    Writer open = current;
    if (open != null) {
      open.conversation().abandon();
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
    abandon();
    turnstile.lockInterruptibly();
    try {
      Optional<Release> release = ledger.factsOf(settings.name()).release();
      if (release.isEmpty()) {
        return Optional.empty(); // reclaimed again meanwhile
      }
      SessionEnd end = VolumeGate.released(settings.name(), release.get()).asEnd();
      fenceCurrent(end);
      try {
        settle();
      } finally {
        reader.end(end);
      }
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
        activity.become("paused", "reclaimed; waits for a pass of its source");
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

  ReplicaStatus status(Optional<String> boundAgent) throws IOException {
    VolumeFacts facts = ledger.factsOf(settings.name());
    Activity.Shown now = facts.release().map(this::shown).orElseGet(activity::shown);
    Writer open = current;
    Optional<String> blocked = open == null ? Optional.empty() : open.conversation().blocked();
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

  private Activity.Shown shown(Release release) {
    return new Activity.Shown(
        "released",
        release.reason().isEmpty() ? "no source may write to it" : release.reason(),
        release.since(),
        activity.shown().problems(),
        "driftless target reclaim %s lets its source write again".formatted(settings.name()));
  }
}
