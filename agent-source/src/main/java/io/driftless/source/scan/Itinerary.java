package io.driftless.source.scan;

import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.Map;
import java.util.Set;

/** Where a walk goes. */
public sealed interface Itinerary {
  /** A directory and everything below it. */
  record Tree(TreePath below) implements Itinerary {
    @Override
    public Course course() {
      return Course.TREE;
    }
  }

  /**
   * What is known to have changed.
   *
   * @param names in the directories that hold them; a directory without any is looked at itself
   * @param trees directories that are walked with everything below them
   */
  record Changes(Map<TreePath, Map<Name, Manner>> names, Set<TreePath> trees) implements Itinerary {
    @Override
    public Course course() {
      return Course.CHANGES;
    }
  }

  /** What is known of the change of an entry. */
  enum Manner {
    /** Its content is what it was, wherever it was. */
    TOUCHED,
    /** Its content may have changed, whatever its metadata tells. */
    WRITTEN
  }

  Course course();
}
