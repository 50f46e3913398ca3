package io.driftless.source.agent;

import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Session;
import io.driftless.source.report.ManifestException;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassRun;
import io.driftless.source.session.PassSettings;
import io.driftless.source.state.PassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Attempts at the passes of one volume. Thread-safe. */
final class PassAttempts {
  private final Supplier<VolumeSettings> volume;
  private final PassArchive archive;
  private final InstantSource clock;

  /**
   * No attempt has been made.
   *
   * @param volume its settings as they are now
   */
  PassAttempts(Supplier<VolumeSettings> volume, PassArchive archive, InstantSource clock) {
    this.volume = volume;
    this.archive = archive;
    this.clock = clock;
  }

  /** What an attempt comes to besides how it ended. */
  interface Judge {
    /** It counts as it ended. */
    Judge NONE =
        new Judge() {
          @Override
          public boolean isFutile() {
            return false;
          }

          @Override
          public PassEnding judge(PassEnding ending) {
            return ending;
          }
        };

    /** Whether it can't come to anything any more. */
    boolean isFutile();

    /** Says how it counts; what it has found is there, and may be put right. */
    PassEnding judge(PassEnding ending) throws InterruptedException;
  }

  /**
   * An account of the attempts at one pass.
   *
   * @param unequal told of directories that are compared entry by entry; must not block
   */
  PassAccount account(PassTicket ticket, Consumer<TreePath> unequal) {
    return new PassAccount(volume.get(), ticket, archive, unequal);
  }

  /** Makes one attempt, over one session. */
  PassEnding attempt(
      PassTicket ticket, PassSettings settings, Session session, PassAccount account, Judge judge)
      throws InterruptedException {
    try {
      account.begin(session);
      var attempt = new PassRun(settings, session, ticket.request(), ticket.pass(), account, clock);
      if (!ticket.begin(attempt) || judge.isFutile()) {
        attempt.cancel();
      }
      PassEnding ending = judge.judge(attempt.run());
      account.end(session, attempt.progress());
      account.close(ending);
      return ending;
    } catch (ManifestException e) {
      return new PassEnding.Failed(
          new Failure(
              "manifest",
              String.valueOf(e.getMessage()),
              "check the room in the agent's own directory"));
    }
  }

  PassSettings settings() {
    VolumeSettings now = volume.get();
    try {
      return new PassSettings(
          now.name(),
          now.root(),
          Access.WRITE,
          archive.generation(now.name()),
          now.filter(),
          now.filterLines(),
          now.owners(),
          now.ownPaths(),
          now.scratch(),
          now.witnesses(),
          now.pace(),
          now.priority(),
          now.weight());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
