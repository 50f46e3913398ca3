package io.driftless.target.commit;

import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.compare.Subtree;
import io.driftless.target.stage.ProblemSink;

/**
 * Decides whether a directory may make way for an entry of another kind, with all that is in it.
 * Confined to the committer.
 */
public final class Replacement {
  private final SliceComparer comparer;
  private final Exclusions exclusions;
  private final ProblemSink problems;
  private long allowance;

  /**
   * For one pass.
   *
   * @param allowance how many entries below such directories may go in all
   */
  public Replacement(
      SliceComparer comparer, Exclusions exclusions, ProblemSink problems, long allowance) {
    this.comparer = comparer;
    this.exclusions = exclusions;
    this.problems = problems;
    this.allowance = allowance;
  }

  /** Tells whether the directory may go, which then counts; says why not. */
  boolean mayGo(TreePath path) throws LinuxException {
    if (exclusions.in(path.parent()).excludes(path.name(), Kind.DIRECTORY)) {
      problems.add(path, "excluded-here", "the target keeps this for itself");
      return false;
    }
    Subtree subtree = comparer.subtreeOfDirectory(path);
    if (subtree.holdsForeign()) {
      problems.add(
          path, "mount-in-the-way", "something is mounted below the directory that is there");
      return false;
    }
    if (subtree.holdsExcluded()) {
      problems.add(path, "excluded-here", "the directory that is there holds what is excluded");
      return false;
    }
    if (subtree.entriesBelow() > allowance) {
      problems.add(
          path,
          "occupied",
          "a directory with %,d entries is there; allow deletions to replace it"
              .formatted(subtree.entriesBelow()));
      return false;
    }
    allowance -= subtree.entriesBelow();
    return true;
  }
}
