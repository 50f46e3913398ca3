package io.driftless.target.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.message.LookMessage.Look;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage;
import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.CloseVolume;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.target.commit.Departures;
import io.driftless.target.commit.DurableStorage;
import io.driftless.target.commit.VolumeStorage;
import io.driftless.target.compare.NamedOwners;
import io.driftless.target.compare.NumericOwners;
import io.driftless.target.compare.Owners;
import io.driftless.target.signature.SignatureBook;
import io.driftless.target.stage.RedoRecovery;
import io.driftless.target.witness.WitnessBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of one conversation about a volume: from messages to a durable replica on disk.
 * Runs one pass after the other. Thread-safe.
 *
 * <p>Whoever admits the conversation says that the volume is open; every further message goes to
 * {@link #received}. Nothing is written any more once {@link #fence} has returned.
 */
public final class ReplicaSession implements ConversationListener {
  private static final int PASSES_WAITING_MAX = 4;
  private static final Duration REST_AFTER = Duration.ofMillis(300);

  private final Conversation conversation;
  private final ReplicaObserver observer;
  private final PassRun.Volume volume;
  private final Access access;
  private final Thread conductor;
  private final Object state = new Object();

  /** Passes and looks that wait for the conductor. */
  private final ArrayDeque<Message> waiting = new ArrayDeque<>();

  private @Nullable PassRun current;
  private boolean ended;
  private boolean looking;
  private boolean hasGivenUp;
  private volatile boolean abandoned;

  /** Belongs to the conductor. */
  private @Nullable PassRun past;

  private ReplicaSession(
      PassRun.Volume volume, Access access, Conversation conversation, ReplicaObserver observer) {
    this.volume = volume;
    this.access = access;
    this.conversation = conversation;
    this.observer = observer;
    String name = access == Access.WRITE ? "-replica" : "-reader";
    this.conductor =
        Thread.ofPlatform().name(volume.options().name() + name).unstarted(this::conduct);
  }

  /**
   * Opens the root of a volume and starts to listen.
   *
   * @throws IOException if the root can't be opened; one line
   */
  public static ReplicaSession open(
      ReplicaOptions options,
      Conversation conversation,
      PoisonStore poison,
      ReplicaObserver observer)
      throws IOException {
    ConfinedRoot root = ConfinedRoot.open(options.root().toString());
    try {
      return open(options, conversation, poison, observer, root, new VolumeStorage(root));
    } catch (LinuxException e) {
      root.close();
      throw e;
    }
  }

  static ReplicaSession open(
      ReplicaOptions options,
      Conversation conversation,
      PoisonStore poison,
      ReplicaObserver observer,
      ConfinedRoot root,
      DurableStorage storage)
      throws IOException {
    ThisProcess.clearUmask();
    try {
      new RedoRecovery(root).runAndTell(options.name());
      Owners owners = owners(options, conversation, observer);
      var hash = new SeededHash(options.seed());
      var volume =
          new PassRun.Volume(
              options,
              root,
              storage,
              Departures.of(root, options.name()),
              owners,
              hash,
              witnesses(options, root, hash),
              signatures(options, root, hash),
              poison,
              new AtomicInteger());
      return begin(volume, Access.WRITE, conversation, observer);
    } catch (RuntimeException | IOException e) {
      root.close();
      throw e;
    }
  }

  private static ReplicaSession begin(
      PassRun.Volume volume, Access access, Conversation conversation, ReplicaObserver observer) {
    var session = new ReplicaSession(volume, access, conversation, observer);
    session.conductor.start();
    return session;
  }

  /**
   * As {@link #open(ReplicaOptions, Conversation, PoisonStore, ReplicaObserver)}, for passes that
   * change nothing, while another session may write. Finishes nothing that is under way, and
   * remembers nothing.
   *
   * @throws IOException if the root can't be opened; one line
   */
  public static ReplicaSession openToRead(
      ReplicaOptions options,
      Conversation conversation,
      PoisonStore poison,
      ReplicaObserver observer)
      throws IOException {
    ConfinedRoot root = ConfinedRoot.open(options.root().toString());
    try {
      var volume =
          new PassRun.Volume(
              options,
              root,
              Untouchable.STORAGE,
              Departures.of(root, options.name()),
              owners(options, conversation, observer),
              new SeededHash(options.seed()),
              WitnessBook.none(),
              SignatureBook.none(),
              Untouchable.readOnly(poison),
              new AtomicInteger());
      return begin(volume, Access.READ, conversation, observer);
    } catch (RuntimeException | IOException e) {
      root.close();
      throw e;
    }
  }

  /** Where owners go by name, what is equal depends on the names of today. */
  private static WitnessBook witnesses(ReplicaOptions options, ConfinedRoot root, SeededHash hash)
      throws IOException {
    ReplicaOptions.Witnesses wanted = options.witnesses().orElse(null);
    if (wanted == null || options.owners() != VolumeMessage.Owners.NUMERIC) {
      return WitnessBook.none();
    }
    String identity = "target %s %s".formatted(identity(options, root), wanted.identity());
    WitnessStore store = WitnessStore.open(wanted.file(), identity, options.clock());
    Path home = wanted.file().toAbsolutePath().getParent();
    return new WitnessBook(store, hash, home == null ? Path.of("/") : home);
  }

  private static SignatureBook signatures(
      ReplicaOptions options, ConfinedRoot root, SeededHash hash) throws IOException {
    Path memory = options.witnesses().map(ReplicaOptions.Witnesses::file).orElse(null);
    String boot = ThisProcess.bootId();
    if (memory == null || boot == null) {
      return SignatureBook.none();
    }
    Path directory = memory.resolveSibling("signatures-" + options.name());
    return SignatureBook.open(
        directory, "%s %s".formatted(identity(options, root), boot), hash, options.clock());
  }

  private static String identity(ReplicaOptions options, ConfinedRoot root) throws IOException {
    return "%s %d %d %s %x"
        .formatted(
            root.fd().fileSystemIdentity(),
            root.fd().status().inode(),
            root.fd().generation(),
            options.root(),
            options.seed());
  }

  private static Owners owners(
      ReplicaOptions options, Conversation conversation, ReplicaObserver observer) {
    if (options.owners() == VolumeMessage.Owners.NUMERIC) {
      return new NumericOwners();
    }
    return new NamedOwners(
        new NameService(),
        (kind, name) -> {
          observer.problems(1);
          conversation.send(UnknownOwner.problem(kind, name));
        });
  }

  public Windows windows() {
    return volume.options().windows();
  }

  /** What is free on the volume's file system. */
  public Room room() throws IOException {
    FileSystem now = volume.root().fd().fileSystem();
    return new Room(now.bytesAvailable(), now.inodesFree());
  }

  /** Why the pass can't go on just now, while it waits for room. */
  public Optional<String> blocked() {
    PassRun run = run();
    return run == null ? Optional.empty() : run.blocked();
  }

  /** What the pass that runs has done so far. */
  public Counters counters() {
    PassRun run = run();
    return run == null ? Counters.NONE : run.tally().counters();
  }

  private @Nullable PassRun run() {
    synchronized (state) {
      return current;
    }
  }

  @Override
  public void received(Message message) {
    try {
      dispatch(message);
    } catch (ProtocolViolation e) {
      PassRun run = run();
      if (run != null) {
        run.pass().fail(e);
      }
      throw e;
    }
  }

  private void dispatch(Message message) {
    switch (message) {
      case BeginPass begin -> {
        if (access == Access.READ && !begin.effect().isNone()) {
          throw new ProtocolViolation("a pass that writes, of a source that only reads");
        }
        await(begin);
      }
      case Look look -> await(look);
      case CancelPass _ -> {
        giveUpTurn();
        PassRun run = run();
        if (run != null) {
          run.pass().cancel();
        }
      }
      case OwnerNames names -> {
        if (volume.owners() instanceof NamedOwners named) {
          names.names().forEach(named::learn);
        } else {
          toPass(names);
        }
      }
      case CloseVolume close ->
          conversation.end(new SessionEnd(Cause.PEER, close.slug(), close.message(), close.hint()));
      default -> toPass(message);
    }
  }

  private void await(Message work) {
    synchronized (state) {
      if (waiting.size() == PASSES_WAITING_MAX) {
        throw new ProtocolViolation("more passes than anybody can wait for");
      }
      waiting.add(work);
      state.notifyAll();
    }
  }

  private void toPass(Message message) {
    PassRun run = run();
    if (run == null) {
      Pass.release(message); // of a pass that is over
      return;
    }
    run.pass().received(message);
  }

  @Override
  public void ended(SessionEnd reason) {
    end();
  }

  private void end() {
    PassRun run;
    synchronized (state) {
      ended = true;
      run = current;
      if (looking) {
        conductor.interrupt(); // it may read a large file
      }
      state.notifyAll();
    }
    volume.options().turns().wake();
    if (run != null) {
      run.pass().cancel();
    }
  }

  private @Nullable Message next() throws InterruptedException {
    synchronized (state) {
      if (waiting.isEmpty() && !ended) {
        state.wait(REST_AFTER.toMillis());
      }
      if (!waiting.isEmpty() || ended) {
        return ended ? null : waiting.remove();
      }
    }
    observer.rested();
    synchronized (state) {
      while (waiting.isEmpty() && !ended) {
        state.wait();
      }
      return ended ? null : waiting.remove();
    }
  }

  private void conduct() {
    try {
      Message work = next();
      while (work != null) {
        switch (work) {
          case BeginPass begin -> conduct(begin);
          case Look look -> look(look);
          default -> throw new IllegalStateException("nobody waits for " + work);
        }
        work = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      conversation.end(
          new SessionEnd(
              Cause.CLOSED_HERE,
              "target-failed",
              String.valueOf(e.getMessage()),
              "look at the target's log"));
    } finally {
      observer.rested();
      volume.departures().close();
      volume.witnesses().close();
      volume.root().close();
    }
  }

  private void look(Look question) throws IOException, InterruptedException {
    startLooking();
    try {
      conversation.send(new EntryLook(volume, observer.lastWrote()).look(question));
    } finally {
      stopLooking();
    }
  }

  private void startLooking() throws InterruptedException {
    synchronized (state) {
      if (ended) {
        throw new InterruptedException("the conversation has ended");
      }
      looking = true;
    }
  }

  private void stopLooking() {
    synchronized (state) {
      looking = false;
    }
  }

  private void conduct(BeginPass begin) throws IOException, InterruptedException {
    boolean takesTurns = begin.course() == Course.TREE && !begin.effect().isNone();
    if (takesTurns && !awaitTurn()) {
      conversation.send(PassResult.cancelled(Counters.NONE));
      return;
    }
    PassResult result;
    try {
      observer.passBegan(begin);
      result = carryOut(begin);
      observer.passEnded(begin, result);
    } finally {
      if (takesTurns) {
        volume.options().turns().done();
      }
    }
    conversation.send(result);
    PassRun run = past;
    if (run != null) {
      past = null;
      run.lookBack(result, () -> abandoned);
    }
  }

  /** Returns whether it has come; it was cancelled otherwise. */
  private boolean awaitTurn() throws InterruptedException {
    synchronized (state) {
      hasGivenUp = false;
    }
    var told = new AtomicBoolean();
    boolean isOurs =
        volume
            .options()
            .turns()
            .await(
                place -> {
                  told.set(true);
                  conversation.send(new VolumeMessage.Queued(place));
                },
                this::hasGivenUp);
    if (told.get()) {
      conversation.send(new VolumeMessage.Unblocked());
    }
    return isOurs;
  }

  private boolean hasGivenUp() {
    synchronized (state) {
      return ended || hasGivenUp;
    }
  }

  private void giveUpTurn() {
    synchronized (state) {
      hasGivenUp = true;
    }
    volume.options().turns().wake();
  }

  private PassResult carryOut(BeginPass begin) throws IOException, InterruptedException {
    var run = new PassRun(begin, volume, conversation, observer);
    synchronized (state) {
      current = run;
      if (ended) {
        run.pass().cancel();
      }
    }
    try {
      return run.run();
    } finally {
      synchronized (state) {
        current = null;
      }
      past = run;
    }
  }

  /** What is only good for the next pass need not be done any more. From any thread. */
  public void abandon() {
    abandoned = true;
  }

  /** Ends all staging and applying; when this returns, nothing more is written. Idempotent. */
  public void fence() throws InterruptedException {
    end();
    conductor.join();
  }
}
