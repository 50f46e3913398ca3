package io.driftless.cli.json;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a pass does, or would do, to one entry.
 *
 * @param reasons in what the entry differs
 * @param before the path that a renamed entry had, escaped
 */
public record Change(
    TreePath path, Kind kind, Action action, Set<Trait> reasons, Optional<String> before) {
  /** What is done. */
  public enum Action {
    CREATE,
    UPDATE,
    DELETE,
    RENAME
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
    Optional<String> before =
        differences.stream()
            .filter(each -> each.trait() == Trait.RENAMED)
            .map(Difference::target)
            .findFirst();
    return new Change(first.path(), first.kind(), action(traits), traits, before);
  }

  private static Action action(Set<Trait> traits) {
    if (traits.contains(Trait.RENAMED)) {
      return Action.RENAME;
    }
    if (traits.contains(Trait.MISSING)) {
      return Action.CREATE;
    }
    return traits.contains(Trait.EXTRA) ? Action.DELETE : Action.UPDATE;
  }
}
