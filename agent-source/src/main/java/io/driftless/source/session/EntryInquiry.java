package io.driftless.source.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.LookMessage.Look;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.source.session.EntrySight.Seen;
import io.driftless.source.session.PassReport.Failure;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how one entry stands on both sides, in a conversation of its own while no pass runs.
 * Used once.
 */
public final class EntryInquiry {
  private final PassSettings settings;
  private final Session session;
  private final Question question;
  private final Memory memory;
  private final InstantSource clock;

  /** What is asked. */
  public record Question(TreePath path, Compare compare) {}

  /** What earlier passes left. */
  public interface Memory {
    /** Where something was mounted. */
    List<TreePath> mountPoints();

    /** What the last pass told of an entry, or of the nearest directory above it. */
    Optional<Problem> problem(TreePath path);
  }

  public EntryInquiry(
      PassSettings settings,
      Session session,
      Question question,
      Memory memory,
      InstantSource clock) {
    this.settings = settings;
    this.session = session;
    this.question = question;
    this.memory = memory;
    this.clock = clock;
  }

  /** Asks the target and waits for its answer; an interruption ends that. */
  public Inquiry run() throws InterruptedException {
    try (ConfinedRoot root = ConfinedRoot.open(settings.root().toString())) {
      return run(root);
    } catch (LinuxException e) {
      return new Inquiry.Failed(
          new Failure(
              "source-root",
              String.valueOf(e.getMessage()),
              "check that the root exists, is a directory and can be read by the agent"));
    } catch (IOException e) {
      return new Inquiry.Failed(
          new Failure("disconnected", String.valueOf(e.getMessage()), "ask again"));
    }
  }

  private Inquiry run(ConfinedRoot root) throws IOException, InterruptedException {
    var volume = new SourceVolume(settings, root);
    var answers = new LookListener();
    Conversation conversation = session.open(volume.opening(), answers);
    try {
      Optional<Long> seed = answers.awaitOpened();
      if (seed.isEmpty()) {
        return new Inquiry.Failed(answers.failure());
      }
      return ask(volume, conversation, answers, new SeededHash(seed.get()));
    } finally {
      conversation.end(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE, SessionEnd.PASS_ENDED, "the look is over", ""));
    }
  }

  private Inquiry ask(
      SourceVolume volume, Conversation conversation, LookListener answers, SeededHash hash)
      throws IOException, InterruptedException {
    var sight = new EntrySight(volume.root(), memory.mountPoints());
    Seen seen = sight.look(question.path());
    Optional<Entry> entry =
        seen instanceof Seen.Present present ? Optional.of(present.entry()) : Optional.empty();
    entry.map(Entry::metadata).ifPresent(volume.ownerObserver(conversation));
    conversation.send(new Look(question.path(), entry, question.compare()));
    Optional<ContentSum> content = content(sight, seen, hash);
    Optional<Looked> looked = answers.awaitLooked();
    if (looked.isEmpty()) {
      return new Inquiry.Failed(answers.failure());
    }
    var judgement =
        new EntryJudgement(
            settings.volume(), question, volume.exclusions(), volume.root().fd().status(), memory);
    boolean isSame = isUnchanged(seen, sight.look(question.path()));
    return new Inquiry.Answered(
        judgement.of(new EntryJudgement.Sides(seen, isSame, content, looked.get())));
  }

  private static boolean isUnchanged(Seen before, Seen after) {
    return before instanceof Seen.Present then
        ? after instanceof Seen.Present now && now.entry().version() == then.entry().version()
        : before.getClass() == after.getClass();
  }

  private Optional<ContentSum> content(EntrySight sight, Seen seen, SeededHash hash)
      throws IOException, InterruptedException {
    boolean isRead =
        question.compare() == Compare.CONTENT
            && seen instanceof Seen.Present present
            && present.entry().kind() == Kind.REGULAR;
    if (!isRead) {
      return Optional.empty();
    }
    try (@Nullable Fd file = sight.open(question.path());
        var examiner = new FileExaminer(hash, clock, new ContentReader(settings.pace().bytes()))) {
      if (file == null || !file.status().isRegular()) {
        return Optional.empty();
      }
      Zeros zeros = Zeros.ofSize(file.status().size());
      return Optional.ofNullable(
          examiner.examine(file, zeros, Examine.BLOCK_BYTES_MIN, _ -> {}).content());
    }
  }
}
