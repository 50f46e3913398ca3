package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.target.session.ReplicaOptions.SourceRoot;
import java.util.Optional;

/** Decides whether what the source no longer has may vanish from the target. Pure. */
final class DeletionGuard {
  /** So many may always vanish, unless they are all files that there are. */
  static final long FEW = 100;

  static final long MANY = 250_000;
  private static final double SHARE_MAX = 0.25;

  private DeletionGuard() {}

  /**
   * What would happen.
   *
   * @param entries that would vanish
   * @param made entries that are new and make up for as many of them
   * @param files regular files among them
   * @param entriesBefore that the target had in all
   * @param filesBefore regular files among them
   * @param sourceIsEmpty the root of the source was read completely and holds nothing
   * @param sourceIsIncomplete a directory or file of the source could not be read
   */
  record Plan(
      long entries,
      long made,
      long files,
      long entriesBefore,
      long filesBefore,
      boolean sourceIsEmpty,
      boolean sourceIsIncomplete) {
    long lost() {
      return Math.max(0, entries - made);
    }

    double share() {
      return shareOf(entries);
    }

    private double shareOf(long some) {
      return entriesBefore == 0 ? 1 : (double) some / entriesBefore;
    }

    boolean isLostTooMuch() {
      return lost() > FEW && shareOf(lost()) > SHARE_MAX;
    }

    boolean takesAllFiles() {
      return lost() > 0 && files > 0 && filesBefore > 0 && files >= filesBefore;
    }
  }

  /**
   * Who speaks against it.
   *
   * @param hint the option that lets it pass
   */
  record Refusal(String slug, String message, String hint) {}

  /** How many entries may go with directories that are replaced by another kind. */
  static long replaceable(ReplicaOptions options, BeginPass begin) {
    if (begin.deletes() == Deletes.ALLOWED) {
      return begin.deletesMax();
    }
    boolean isOurs =
        options.standing() == Standing.SEEDED && options.sourceRoot() == SourceRoot.SAME;
    return isOurs ? FEW : 0;
  }

  /** Empty if it may go on. */
  static Optional<Refusal> check(
      Plan plan, Standing standing, SourceRoot root, Deletes deletes, long deletesMax) {
    if (plan.entries() == 0) {
      return Optional.empty();
    }
    String hint = "--allow-deletes=" + plan.entries();
    if (deletes == Deletes.ALLOWED) {
      return plan.entries() <= deletesMax
          ? Optional.empty()
          : refusal("too-many-deletes", hint, "%,d are allowed".formatted(deletesMax), plan);
    }
    if (standing == Standing.NEVER_SEEDED) {
      return Optional.of(
          new Refusal(
              "foreign-target",
              ("%,d entries on the target did not come from this source; everything was brought"
                      + " over and nothing was deleted")
                  .formatted(plan.entries()),
              hint));
    }
    if (plan.sourceIsEmpty()) {
      return refusal("empty-source", hint, "the source's root is empty", plan);
    }
    if (plan.sourceIsIncomplete()) {
      return refusal("incomplete-source", hint, "some of the source could not be read", plan);
    }
    if (root == SourceRoot.CHANGED) {
      return refusal("source-changed", hint, "the source's root is another one than before", plan);
    }
    return checkAmount(plan, hint);
  }

  private static Optional<Refusal> checkAmount(Plan plan, String hint) {
    if (plan.lost() > MANY) {
      return refusal("too-many-deletes", hint, "limit %,d".formatted(MANY), plan);
    }
    if (plan.isLostTooMuch()) {
      return refusal("too-many-deletes", hint, "limit 25 %", plan);
    }
    if (plan.takesAllFiles()) {
      return refusal("too-many-deletes", hint, "all regular files are among them", plan);
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refusal(String slug, String hint, String why, Plan plan) {
    String message =
        "%,d entries would vanish from the target (%.1f %% of %,d; %s); the rest was brought over"
            .formatted(plan.entries(), 100 * plan.share(), plan.entriesBefore(), why);
    return Optional.of(new Refusal(slug, message, hint));
  }
}
