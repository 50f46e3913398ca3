package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Subtree;
import io.driftless.target.session.AbsenceQuestions.Patience;
import io.driftless.target.session.Vanished.Trait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Goes on with new names that waited for the end of the walk: those that seem to be other names of
 * files that vanished are compared with them, once the source has confirmed that the old names are
 * gone; all others are asked for. Run by the thread of the pass while nothing is under way.
 */
final class RenamePhase {
  private final PassParts pass;
  private final EntryApplier applier;
  private final FileMover mover;
  private final DirectoryMover directoryMover;
  private final Newcomers newcomers;
  private final AbsenceQuestions questions;
  private final Finisher finisher;

  /** Told of each slice that goes on. */
  @FunctionalInterface
  interface Finisher {
    void goOn(Slice slice) throws IOException, InterruptedException;
  }

  RenamePhase(
      PassParts pass,
      EntryApplier applier,
      Newcomers newcomers,
      AbsenceQuestions questions,
      Finisher finisher) {
    this.pass = pass;
    this.applier = applier;
    this.mover = new FileMover(pass);
    this.directoryMover = new DirectoryMover(pass);
    this.newcomers = newcomers;
    this.questions = questions;
    this.finisher = finisher;
  }

  /** Tells whether something waits. */
  boolean isDue() {
    return !pass.slices().areAllStaged() || newcomers.areDirectoriesWaiting();
  }

  /** Has what waits go on; more may wait as a result. */
  void run(Patience patience) throws IOException, InterruptedException {
    List<Slice> waiting = pass.slices().wake();
    List<Offer> directories = newcomers.nextRound();
    move(directories, patience);
    Leads leads = leads(waiting, patience);
    revisit(directories);
    for (Slice slice : waiting) {
      slice.mailbox.post(() -> pass.guard(() -> goOn(slice, leads)));
    }
  }

  /** Renames directories as a whole. */
  private void move(List<Offer> directories, Patience patience)
      throws IOException, InterruptedException {
    if (directories.isEmpty() || pass.extras().entries() == 0) {
      return;
    }
    newcomers.search();
    var matches = new LinkedHashMap<TreePath, TreePath>();
    for (Offer directory : directories) {
      TreePath from = newcomers.take(directory);
      if (from != null) {
        matches.put(from, directory.directory());
      }
    }
    matches.keySet().retainAll(gone(matches.keySet(), patience));
    move(matches);
  }

  private void move(Map<TreePath, TreePath> matches) throws IOException {
    var subtrees = new LinkedHashMap<TreePath, Subtree>();
    for (Map.Entry<TreePath, TreePath> match : matches.entrySet()) {
      Subtree subtree = directoryMover.look(match.getKey(), match.getValue());
      if (subtree != null) {
        subtrees.put(match.getKey(), subtree);
      }
    }
    matches.keySet().retainAll(subtrees.keySet());
    if (!matches.isEmpty()) {
      pass.relocations().begin(List.copyOf(matches.values()));
    }
    for (Map.Entry<TreePath, Subtree> from : subtrees.entrySet()) {
      TreePath to = matches.get(from.getKey());
      if (to != null) {
        directoryMover.move(from.getKey(), to, from.getValue());
      }
    }
  }

  /** Has the source come back to the directories that it left out. */
  private void revisit(List<Offer> directories) throws IOException {
    if (directories.isEmpty()) {
      return;
    }
    boolean mayFindMore = pass.extras().entries() > 0;
    var verdicts = new ArrayList<Verdict>();
    for (Offer directory : directories) {
      boolean isOffered = mayFindMore || isHere(directory.directory());
      verdicts.add(new Verdict(directory.slice(), isOffered ? Finding.DIFFERS : Finding.ABSENT));
    }
    pass.slices().reopen();
    pass.conversation().send(new Revisit(verdicts));
  }

  /** Also what lies below a directory that was renamed in an earlier round is there by now. */
  private boolean isHere(TreePath directory) throws IOException {
    try (Directory here = pass.comparer().openIfDirectory(directory)) {
      return here != null;
    }
  }

  private void goOn(Slice slice, Leads leads) throws IOException, InterruptedException {
    for (Map.Entry<Integer, Entry> newcomer : slice.newcomers.entrySet()) {
      int index = newcomer.getKey();
      Entry entry = newcomer.getValue();
      var newName = new NewName(slice, index);
      TreePath from = leads.renamed().get(newName);
      if (from == null || !mover.ask(slice, index, entry, from)) {
        TreePath like = from == null ? leads.alike().get(newName) : from;
        TreePath path = slice.directory.resolve(entry.requireName());
        Predecessor before = like == null ? null : Predecessor.find(pass, like);
        applier.want(slice, index, entry, path, before);
      }
    }
    slice.newcomers.clear();
    slice.question.flush();
    finisher.goOn(slice);
  }

  /** An entry of a slice that waited. */
  private record NewName(Slice slice, int index) {}

  /**
   * What new names seem to have come from.
   *
   * @param renamed files of the same length and time, whose old names the source has no longer
   * @param alike files that look like an earlier version
   */
  private record Leads(Map<NewName, TreePath> renamed, Map<NewName, TreePath> alike) {}

  private Leads leads(List<Slice> waiting, Patience patience)
      throws IOException, InterruptedException {
    var leads = new Leads(new HashMap<>(), new HashMap<>());
    if (waiting.isEmpty() || pass.extras().entries() == 0) {
      return leads;
    }
    Vanished vanished = Vanished.among(pass, traits(waiting));
    for (Slice slice : waiting) {
      slice.newcomers.forEach((index, entry) -> {
        TreePath from = vanished.take(Trait.of(entry.metadata()), entry.requireName());
        if (from != null) {
          leads.renamed().put(new NewName(slice, index), from);
        }
      });
    }
    for (Slice slice : waiting) {
      slice.newcomers.forEach((index, entry) -> findAlike(slice, index, entry, vanished, leads));
    }
    leads.renamed().values().retainAll(gone(leads.renamed().values(), patience));
    return leads;
  }

  private static Set<Trait> traits(List<Slice> waiting) {
    var traits = new HashSet<Trait>();
    for (Slice slice : waiting) {
      slice.newcomers.values().forEach(entry -> traits.add(Trait.of(entry.metadata())));
    }
    return traits;
  }

  private static void findAlike(
      Slice slice, int index, Entry entry, Vanished vanished, Leads leads) {
    var newName = new NewName(slice, index);
    long bytes = entry.metadata().sizeBytes();
    if (bytes < DeltaTransfer.FILE_BYTES_MIN || leads.renamed().containsKey(newName)) {
      return;
    }
    TreePath like = vanished.likest(slice.directory.resolve(entry.requireName()), bytes);
    if (like != null) {
      leads.alike().put(newName, like);
    }
  }

  /** Those old names that the source has looked for once more, and not found. */
  private Set<TreePath> gone(Collection<TreePath> names, Patience patience)
      throws IOException, InterruptedException {
    var byDirectory = new LinkedHashMap<TreePath, List<Name>>();
    for (TreePath path : names) {
      byDirectory.computeIfAbsent(path.parent(), _ -> new ArrayList<>()).add(path.name());
    }
    var gone = new HashSet<TreePath>();
    questions.ask(
        byDirectory,
        patience,
        (directory, absent) -> absent.forEach(name -> gone.add(directory.resolve(name))));
    return gone;
  }
}
