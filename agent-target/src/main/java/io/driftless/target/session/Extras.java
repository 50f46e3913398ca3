package io.driftless.target.session;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Subtree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the target has and complete listings left out: candidates for deletion. Bounded; what
 * exceeds it is counted and left to the next pass. Thread-safe.
 */
final class Extras {
  static final long BYTES_MAX = 24L << 20;
  private static final int NAME_BYTES = 64;
  private static final int DIRECTORY_BYTES = 256;

  /** Longer paths are no help to anybody. */
  private static final int EXAMPLE_BYTES_MAX = 512;

  private final long bytesMax;
  private final Map<TreePath, List<Name>> byDirectory = new LinkedHashMap<>();

  /** Of directories that aren't empty. */
  private final Map<TreePath, Long> entriesOf = new HashMap<>();

  private long bytes;
  private boolean unseen;
  private long entries;
  private long files;
  private long left;
  private boolean sourceIsEmpty;
  private boolean sourceIsIncomplete;

  Extras(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  synchronized void add(TreePath directory, Name name, Subtree subtree) {
    entries += subtree.entries();
    files += subtree.files();
    long more = NAME_BYTES + name.length();
    if (!byDirectory.containsKey(directory)) {
      more += DIRECTORY_BYTES + directory.length();
    }
    if (subtree.entries() > 1) {
      more += DIRECTORY_BYTES + name.length();
    }
    if (bytes + more > bytesMax) {
      left += subtree.entries();
      return;
    }
    bytes += more;
    byDirectory.computeIfAbsent(directory, _ -> new ArrayList<>()).add(name);
    if (subtree.entries() > 1) {
      entriesOf.put(directory.resolve(name), subtree.entries());
    }
  }

  /** An entry has got another name, which the source has. */
  synchronized void moved(TreePath path, Subtree subtree) {
    entries = Math.max(0, entries - subtree.entries());
    files = Math.max(0, files - subtree.files());
    List<Name> beside = byDirectory.get(path.parent());
    if (beside != null && beside.remove(path.name()) && beside.isEmpty()) {
      byDirectory.remove(path.parent());
    }
  }

  /** Something of the source could not be read: what took the place of the old may be missing. */
  synchronized void sourceIsIncomplete() {
    sourceIsIncomplete = true;
  }

  synchronized boolean isSourceIncomplete() {
    return sourceIsIncomplete;
  }

  /** Something is there of which the source could not say whether it has it. */
  synchronized void unseen() {
    unseen = true;
  }

  synchronized boolean isAnyUnseen() {
    return unseen;
  }

  /** The source's root was read completely and holds nothing. */
  synchronized void sourceIsEmpty() {
    sourceIsEmpty = true;
  }

  synchronized boolean isSourceEmpty() {
    return sourceIsEmpty;
  }

  /** By the directory that holds them. */
  synchronized Map<TreePath, List<Name>> byDirectory() {
    return new LinkedHashMap<>(byDirectory);
  }

  /** How many entries a candidate stands for, itself included. */
  synchronized long entriesOf(TreePath candidate) {
    return entriesOf.getOrDefault(candidate, 1L);
  }

  /** All entries that would vanish, those below a directory included. */
  synchronized long entries() {
    return entries;
  }

  /** Regular files among them. */
  synchronized long files() {
    return files;
  }

  /** Entries that this pass will not delete, whatever is allowed. */
  synchronized long left() {
    return left;
  }

  synchronized List<TreePath> examples(int max) {
    return byDirectory.entrySet().stream()
        .flatMap(at -> at.getValue().stream().map(at.getKey()::resolve))
        .filter(path -> path.length() <= EXAMPLE_BYTES_MAX)
        .limit(max)
        .toList();
  }
}
