package io.driftless.cli.json;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a pass does, or would do, to one entry.
 *
 * @param reasons in what the entry differs
 */
public record Change(TreePath path, Kind kind, Action action, Set<Trait> reasons) {
  /** What is done. */
  public enum Action {
    CREATE,
    UPDATE,
    DELETE
  }

  /** What follows from all differences of one entry, of which there is at least one. */
  public static Change of(List<Difference> differences) {
    Difference first = differences.getFirst();
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    differences.forEach(each -> traits.add(each.trait()));
    if (traits.size() > 1) {
      // A name is linked anew because its file is: that is no reason of its own.
      traits.remove(Trait.LINKS);
    }
    Action action =
        traits.contains(Trait.MISSING)
            ? Action.CREATE
            : traits.contains(Trait.EXTRA) ? Action.DELETE : Action.UPDATE;
    return new Change(first.path(), first.kind(), action, traits);
  }
}
