package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.Traits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Tells of entries that only the target has, each by its path, once the source has looked and not
 * found them. Thread-safe.
 */
final class ExtraComparison {
  private final PassParts pass;
  private final EntryComparison comparison;
  private final Map<Long, ConfirmAbsent> open = new HashMap<>();
  private long asked;
  private int telling;
  private boolean over;

  ExtraComparison(PassParts pass, EntryComparison comparison) {
    this.pass = pass;
    this.comparison = comparison;
  }

  /** Asks about names that a complete listing left out; waits while too many are open. */
  void ask(TreePath directory, List<Name> names) throws InterruptedException {
    for (int from = 0; from < names.size(); from += ConfirmAbsent.NAMES_MAX) {
      int to = Math.min(names.size(), from + ConfirmAbsent.NAMES_MAX);
      askSome(directory, List.copyOf(names.subList(from, to)));
    }
  }

  private synchronized void askSome(TreePath directory, List<Name> names)
      throws InterruptedException {
    while (!over && open.size() == ConfirmAbsent.QUESTIONS_MAX) {
      wait();
    }
    if (over) {
      throw new CancellationException("the pass is over");
    }
    var question = new ConfirmAbsent(++asked, directory, names);
    open.put(question.question(), question);
    telling++;
    pass.conversation().send(question);
  }

  /** An answer; {@link #tell} follows. Never blocks. */
  synchronized ConfirmAbsent answered(Absences answer) {
    ConfirmAbsent question = open.remove(answer.question());
    if (question == null
        || answer.absent().stream().anyMatch(position -> position >= question.names().size())) {
      throw new ProtocolViolation(
          "an answer to question %d, which was not asked so".formatted(answer.question()));
    }
    notifyAll();
    return question;
  }

  /** Tells of what was confirmed. */
  void tell(ConfirmAbsent question, Absences answer) throws IOException, InterruptedException {
    List<Name> absent = answer.absent().stream().distinct().map(question.names()::get).toList();
    tell(question.directory(), absent);
    synchronized (this) {
      telling--;
    }
  }

  synchronized boolean isAllTold() {
    return telling == 0;
  }

  synchronized void end() {
    over = true;
    notifyAll();
  }

  /** Tells of names in a directory, and of all that is below them and could go. */
  void tell(TreePath directory, List<Name> names) throws IOException, InterruptedException {
    try (Directory at = comparison.open(directory)) {
      if (at == null) {
        return;
      }
      Exclusions.InDirectory excluded = pass.exclusions().in(directory);
      for (Name name : names) {
        FileStatus status = at.statusIfPresent(name);
        if (status != null && !excluded.excludes(name, status.kind())) {
          tell(directory.resolve(name), status);
        }
      }
    } catch (LinuxException e) {
      requireOfOneEntry(e);
    }
  }

  /** Tells of all that is in a directory which has to make way for something else. */
  void tellBelow(TreePath path) throws IOException, InterruptedException {
    tellAllBelow(path, Self.UNTOLD);
  }

  private enum Self {
    TOLD,
    UNTOLD
  }

  private void tellAllBelow(TreePath top, Self self) throws IOException, InterruptedException {
    boolean holdsWhatStays = pass.comparer().subtreeOfDirectory(top).holdsWhatStays();
    Deque<TreePath> below = new ArrayDeque<>(List.of(top));
    while (!below.isEmpty()) {
      TreePath path = below.pop();
      boolean isUntold = path.equals(top) && self == Self.UNTOLD;
      boolean stays = holdsWhatStays && pass.comparer().subtreeOfDirectory(path).holdsWhatStays();
      tellDirectory(path, isUntold || stays ? Self.UNTOLD : Self.TOLD, below);
    }
  }

  private void tell(TreePath path, FileStatus status) throws IOException, InterruptedException {
    if (!status.isDirectory()) {
      if (!status.isMountRoot()) {
        tellOne(path, status);
      }
      return;
    }
    tellAllBelow(path, Self.TOLD);
  }

  private void tellDirectory(TreePath path, Self self, Deque<TreePath> below)
      throws IOException, InterruptedException {
    try (Directory directory = comparison.open(path)) {
      if (directory == null
          || directory.fd().status().device() != pass.root().fd().status().device()) {
        return;
      }
      if (self == Self.TOLD) {
        tellOne(path, directory.fd().status());
      }
      Exclusions.InDirectory excluded = pass.exclusions().in(path);
      for (Name name : names(directory)) {
        FileStatus status = directory.statusIfPresent(name);
        if (status == null || excluded.excludes(name, status.kind()) || status.isMountRoot()) {
          continue;
        }
        if (status.kind() == Kind.DIRECTORY) {
          below.push(path.resolve(name));
        } else {
          tellOne(path.resolve(name), status);
        }
      }
    } catch (LinuxException e) {
      requireOfOneEntry(e);
    }
  }

  private static List<Name> names(Directory directory) throws LinuxException {
    var names = new ArrayList<Name>();
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        names.add(entries.name());
      }
    }
    return names;
  }

  private void tellOne(TreePath path, FileStatus status) throws InterruptedException {
    comparison.tell(path, status.kind(), Trait.EXTRA, status, "", Traits.word(status.kind()));
  }

  /** A mount in the way, or a directory that can't be entered, stays. */
  static void requireOfOneEntry(LinuxException e) throws LinuxException {
    if (!(e instanceof ConfinementException) && e.errno() != Errno.EACCES && !e.isAbsent()) {
      throw e;
    }
  }
}
