package io.driftless.source.agent;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.wire.Session;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassSettings;
import io.driftless.source.watch.Unrest;
import io.driftless.source.watch.Watcher;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies a volume whose target follows, while its changes go on being shipped. What differs where
 * something moved meanwhile counts as busy. One verification at a time.
 */
final class FollowedVerification {
  /*
   * Why a difference that is told is one. Whatever moved at the source from before the first entry
   * was read until after the last was in the dirty set at some time, and all of that is in the
   * Unrest: what was dirty or being shipped at the beginning, what became so, the names that were
   * shipped along, and in the end, once the queues of the kernel are drained and the files are
   * looked at that may be written to unnoticed, the rest of it. What only a pass can tell, for there
   * was doubt about the volume, that pass has told: the directories in which it found something. In
   * the end it has ended. The target changes nowhere else, for it has only the replicator to change
   * it; a pass that somebody asks for meanwhile changes what differs. Where none of this is known any
   * more, the attempt comes to nothing.
   */
  private static final Logger LOG = LoggerFactory.getLogger(FollowedVerification.class);

  /** After so many that came to nothing it is done while nothing is shipped. */
  private static final int ATTEMPTS_MAX = 2;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** How long it waits for the target to follow again, and for a pass to settle doubt. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Replicator replicator;
  private final TargetLink link;
  private final Watcher watcher;
  private final PassAttempts attempts;

  FollowedVerification(
      Replicator replicator, TargetLink link, Watcher watcher, PassAttempts attempts) {
    this.replicator = replicator;
    this.link = link;
    this.watcher = watcher;
    this.attempts = attempts;
  }

  /**
   * Runs until it has ended, one way or another.
   *
   * @return empty if it can't be done beside other work
   */
  Optional<PassReport> run(PassTicket ticket) throws InterruptedException {
    PassAccount account = attempts.account(ticket, _ -> {});
    for (int attempt = 1; attempt <= ATTEMPTS_MAX && isFollowed(ticket); attempt++) {
      PassEnding ending = attempt(ticket, account);
      if (!(ending instanceof PassEnding.Broken(Failure failure))) {
        return Optional.of(account.report(ending));
      }
      LOG.info("verification {} begins again: {}", ticket.pass(), failure.message());
    }
    return ticket.isCancelled() ? Optional.of(account.cancelled()) : Optional.empty();
  }

  /** Waits until its target follows, and nothing from before this call is in doubt. */
  private boolean isFollowed(PassTicket ticket) throws InterruptedException {
    return isAllKnown(ticket, replicator::mayFollow, replicator::isFollowing);
  }

  /**
   * Waits until nothing from before this call is in doubt, within limits. Where doubt comes again
   * and again, a pass that begins later will do.
   *
   * @param isWorthIt whether to go on waiting
   * @param isReady what has to hold besides
   */
  private boolean isAllKnown(PassTicket ticket, BooleanSupplier isWorthIt, BooleanSupplier isReady)
      throws InterruptedException {
    long moment = System.nanoTime();
    while (!ticket.isCancelled() && isWorthIt.getAsBoolean()) {
      if (isReady.getAsBoolean() && replicator.knowsAllUntil(moment)) {
        return true;
      }
      if (System.nanoTime() - moment > PATIENCE.toNanos()) {
        return false;
      }
      Thread.sleep(LOOK_AGAIN);
    }
    return false;
  }

  private PassEnding attempt(PassTicket ticket, PassAccount account) throws InterruptedException {
    Optional<Session> session = link.current();
    if (session.isEmpty()) {
      return new PassEnding.Broken(new Failure("disconnected", "not connected", ""));
    }
    var unrest = new Unrest(ticket::stopAttempt);
    PassSettings settings = attempts.settings().toRead();
    try {
      listen(unrest, ticket);
      var judge = new Judge(ticket, account, settings, unrest);
      return attempts.attempt(ticket, settings, session.get(), account, judge);
    } finally {
      replicator.dirty().tellNobody();
    }
  }

  /** Nobody can say any more what a pass has found that runs already. */
  private void listen(Unrest unrest, PassTicket ticket) throws InterruptedException {
    replicator.dirty().tell(unrest);
    while (replicator.isSettling() && !ticket.isCancelled()) {
      replicator.dirty().tellNobody();
      Thread.sleep(LOOK_AGAIN);
      replicator.dirty().tell(unrest);
    }
  }

  /** Tells what is different from what only moved. */
  private final class Judge implements PassAttempts.Judge {
    private final PassTicket ticket;
    private final PassAccount account;
    private final PassSettings settings;
    private final Unrest unrest;

    Judge(PassTicket ticket, PassAccount account, PassSettings settings, Unrest unrest) {
      this.ticket = ticket;
      this.account = account;
      this.settings = settings;
      this.unrest = unrest;
    }

    @Override
    public boolean isFutile() {
      return unrest.isLost();
    }

    @Override
    public PassEnding judge(PassEnding ending) throws InterruptedException {
      return switch (ending) {
        case PassEnding.Complete complete -> settled(complete);
        case PassEnding.Cancelled cancelled -> ticket.isCancelled() ? cancelled : disturbed();
        case PassEnding.Failed(Failure failure) -> new PassEnding.Broken(failure);
        case PassEnding.Refused _, PassEnding.Broken _ -> ending;
      };
    }

    private PassEnding settled(PassEnding.Complete ending) throws InterruptedException {
      boolean isKnown =
          await(replicator.watching().swept())
              && await(watcher.drained())
              && isAllKnown(ticket, replicator::isNoticing, () -> true);
      if (ticket.isCancelled()) {
        return new PassEnding.Cancelled(Counters.NONE);
      }
      if (!isKnown || unrest.isLost()) {
        return disturbed();
      }
      try (ConfinedRoot root = ConfinedRoot.open(settings.root().toString())) {
        account.settle(
            new Unsettled(
                unrest,
                new SharedInodes(root, replicator.dirty().paths()),
                replicator.watching().tellsOfInodes()));
      } catch (LinuxException e) {
        return new PassEnding.Broken(new Failure("source-root", String.valueOf(e), ""));
      }
      return unrest.isLost() ? disturbed() : ending;
    }

    private PassEnding disturbed() {
      String why = unrest.reason();
      return new PassEnding.Broken(
          new Failure("disturbed", why.isEmpty() ? "changes are not noticed any more" : why, ""));
    }

    /** Returns whether it came about. */
    private boolean await(Future<?> moment) throws InterruptedException {
      while (!ticket.isCancelled() && !unrest.isLost()) {
        try {
          moment.get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
          return true;
        } catch (TimeoutException e) {
          continue;
        } catch (CancellationException | ExecutionException e) {
          return false;
        }
      }
      return false;
    }
  }
}
