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

  /** What is known of the change of an entry, from the least to the most. */
  enum Manner {
    /** Its content is what it was, and if it is a directory, so is what lies below it. */
    TOUCHED,
    /** As it is, it came from elsewhere: if it is a directory, all below it is walked. */
    ARRIVED,
    /** Its content may have changed, whatever its metadata tells; a directory as above. */
    WRITTEN;

    /** What is known where both are. */
    public Manner and(Manner other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  Course course();
}
