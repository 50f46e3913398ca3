package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Traits;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the source what becomes of whole entries in a pass that applies, so that it can be looked
 * up afterwards: what was deleted, or would have been, and what was renamed. A directory is told
 * once, for all that is below it. Thread-safe.
 */
final class Chronicle {
  private final PassParts pass;
  private final BeginPass begin;
  private final DifferenceFeed feed;
  private final @Nullable Comparison comparison;

  /**
   * A chronicle of one pass.
   *
   * @param comparison tells of each entry, where that is wanted
   */
  Chronicle(PassParts pass, BeginPass begin, DifferenceFeed feed, @Nullable Comparison comparison) {
    this.pass = pass;
    this.begin = begin;
    this.feed = feed;
    this.comparison = begin.effect() == Effect.ITEMIZE ? comparison : null;
  }

  /** Entries of one directory that are about to go. */
  record Doomed(TreePath directory, Map<Name, Kind> kinds) {}

  /** Takes a look at entries before they go. */
  Doomed look(TreePath directory, List<Name> names) throws IOException, InterruptedException {
    if (comparison != null) {
      comparison.extras().tell(directory, names);
      return new Doomed(directory, Map.of());
    }
    return new Doomed(directory, kinds(directory, names));
  }

  /** Tells which of them are gone. */
  void deleted(Doomed doomed) throws IOException, InterruptedException {
    if (doomed.kinds().isEmpty()) {
      return;
    }
    var still = kinds(doomed.directory(), List.copyOf(doomed.kinds().keySet()));
    for (Map.Entry<Name, Kind> each : doomed.kinds().entrySet()) {
      if (!still.containsKey(each.getKey())) {
        extra(doomed.directory().resolve(each.getKey()), each.getValue());
      }
    }
  }

  /** Tells what a guard kept from being deleted. */
  void held(Map<TreePath, List<Name>> byDirectory) throws IOException, InterruptedException {
    if (begin.effect().isNone()) {
      return; // each entry has been told
    }
    for (Map.Entry<TreePath, List<Name>> at : byDirectory.entrySet()) {
      for (Map.Entry<Name, Kind> each : kinds(at.getKey(), at.getValue()).entrySet()) {
        extra(at.getKey().resolve(each.getKey()), each.getValue());
      }
    }
  }

  /** Tells that an entry has another name now. */
  void renamed(TreePath before, TreePath now, Kind kind) throws InterruptedException {
    feed.tell(new Difference(now, kind, Trait.RENAMED, Left.UNTOUCHED, "", before.toString()));
  }

  private void extra(TreePath path, Kind kind) throws InterruptedException {
    long entries = pass.extras().entriesOf(path);
    String what =
        kind == Kind.DIRECTORY && entries > 1
            ? "%s, %,d entries".formatted(Traits.word(kind), entries)
            : Traits.word(kind);
    feed.tell(new Difference(path, kind, Trait.EXTRA, Left.UNTOUCHED, "", what));
  }

  private Map<Name, Kind> kinds(TreePath directory, List<Name> names) throws IOException {
    var kinds = new LinkedHashMap<Name, Kind>();
    try (Directory at = pass.comparer().openIfDirectory(directory)) {
      for (Name name : names) {
        FileStatus status = at == null ? null : at.statusIfPresent(name);
        if (status != null) {
          kinds.put(name, status.kind());
        }
      }
    } catch (LinuxException e) {
      ExtraComparison.requireOfOneEntry(e);
    }
    return kinds;
  }
}
