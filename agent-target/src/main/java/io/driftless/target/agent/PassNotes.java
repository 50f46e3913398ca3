package io.driftless.target.agent;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.Population;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down in the ledger what the passes of one conversation do to a volume. Thread-safe; what
 * can't be written down is logged, and the pass goes on.
 */
final class PassNotes {
  private static final Logger LOG = LoggerFactory.getLogger(PassNotes.class);

  private static final Duration REST_WITHIN = Duration.ofSeconds(1);

  private final VolumeLedger ledger;
  private final String volume;
  private final String source;
  private final InstantSource clock;

  private @Nullable PassRecord running;
  private @Nullable PassRecord unwritten;
  private boolean isWriting;

  /**
   * When it is time to write down what passes over changes did, even if there is no quiet moment.
   */
  private Instant nextRest = Instant.MIN;

  private long problems;

  /** When it last wrote before it began to write, or ended a pass since. */
  private Optional<Instant> lastEnded = Optional.empty();

  PassNotes(VolumeLedger ledger, String volume, String source, InstantSource clock) {
    this.ledger = ledger;
    this.volume = volume;
    this.source = source;
    this.clock = clock;
  }

  synchronized void began(BeginPass pass) {
    problems = 0;
    running = null;
    if (pass.effect().isNone()) {
      return;
    }
    var record =
        new PassRecord(
            pass.number(), source, about(pass), clock.instant(), Optional.empty(), "", "", 0);
    running = record;
    keep(() -> {
      if (!isWriting) {
        lastEnded = ledger.factsOf(volume).wroteAt();
        ledger.writing(volume);
        isWriting = true;
      }
      if (pass.course() == Course.TREE) {
        ledger.passBegan(volume, record);
      }
    });
  }

  private static String about(BeginPass pass) {
    return switch (pass.course()) {
      case CHANGES -> "";
      case TREE -> pass.below().isRoot() ? PassRecord.ALL : pass.below().toString();
    };
  }

  synchronized void problems(long more) {
    problems += more;
  }

  /** Returns the number of its problems. */
  synchronized long ended(PassResult result) {
    PassRecord begun = running;
    if (begun == null) {
      return problems;
    }
    running = null;
    boolean isComplete = result.outcome() == Outcome.COMPLETE;
    PassRecord over =
        begun.ended(
            clock.instant(),
            isComplete ? PassRecord.COMPLETE : result.slug(),
            result.message(),
            problems);
    unwritten = over;
    lastEnded = over.ended();
    boolean isLate = over.began().isAfter(nextRest);
    if (!over.isOfChanges() || isLate) {
      rest();
    }
    return problems;
  }

  /**
   * Writes down what passes over changes have left for a quiet moment. A pass that was cut has
   * written who knows what: then nothing is said of when the agent last wrote.
   */
  synchronized void rest() {
    PassRecord over = unwritten;
    if (over == null || running != null) {
      return;
    }
    unwritten = null;
    nextRest = clock.instant().plus(REST_WITHIN);
    keep(() -> {
      isWriting = false;
      ledger.wrote(volume, over.ended().orElseThrow());
      ledger.passEnded(volume, over);
      if (over.isWhole()) {
        ledger.passSucceeded(volume, over.began());
      }
    });
  }

  void sawAll(String sourceRoot, Population population) {
    keep(() -> ledger.seeded(volume, sourceRoot, population));
  }

  Optional<Population> population() {
    try {
      return ledger.population(volume);
    } catch (IOException e) {
      LOG.error("how much there is of {} can't be told", volume, e);
      return Optional.empty();
    }
  }

  /** Something that is written to the ledger. */
  @FunctionalInterface
  private interface Note {
    void write() throws IOException;
  }

  private void keep(Note note) {
    try {
      note.write();
    } catch (IOException e) {
      LOG.error("what a pass of {} does can't be recorded", volume, e);
    }
  }

  /**
   * When the agent had last written before the pass that it writes now; empty where that is not
   * known.
   */
  synchronized Optional<Instant> wroteBefore() {
    return isWriting ? lastEnded : wroteAt();
  }

  /** When the agent last wrote; empty while it does. */
  synchronized Optional<Instant> lastWrote() {
    rest();
    return wroteAt();
  }

  private Optional<Instant> wroteAt() {
    try {
      return ledger.factsOf(volume).wroteAt();
    } catch (IOException e) {
      LOG.error("when {} was last written to can't be told", volume, e);
      return Optional.empty();
    }
  }
}
