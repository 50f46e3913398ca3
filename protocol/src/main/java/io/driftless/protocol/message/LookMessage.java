package io.driftless.protocol.message;

import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import java.util.List;
import java.util.Optional;

/** A look at one entry outside of a pass: nothing changes by it. */
public sealed interface LookMessage extends Message {
  /**
   * From the source: what is at this path, and how does it compare with what is there?
   *
   * @param entry what the source has; absent where it has nothing
   * @param compare whether the content of a file is read
   */
  record Look(TreePath path, Optional<Entry> entry, Compare compare) implements LookMessage {
    /** How many may be unanswered. */
    public static final int OUTSTANDING_MAX = 1;
  }

  /** What came of it. */
  enum Presence {
    PRESENT,
    ABSENT,
    /** Something is mounted on the path or on the way to it. */
    BEHIND_MOUNT,
    /** A link or something else is on the way to it that is no directory. */
    OBSTRUCTED,
    /** The agent may not look. */
    REFUSED
  }

  /** How both sides have one trait of an entry. */
  enum Likeness {
    SAME,
    OTHER,
    /** It is told, and says nothing about equality. */
    NOT_COMPARED
  }

  /**
   * One trait of an entry on both sides.
   *
   * @param source as text; empty where the source has no such entry, or tells the value itself
   */
  record Aspect(Trait trait, Likeness likeness, String source, String target) {}

  /** Whether the target leaves an entry alone whatever the source has. */
  enum Treatment {
    ORDINARY,
    EXCLUDED
  }

  /**
   * The answer to {@link Look}.
   *
   * @param kind of what is there, if it is
   * @param left whether somebody else wrote to it
   * @param content of a file that held still, where it was asked for
   * @param detail one line on whatever can't be told otherwise; may be empty
   */
  record Looked(
      Presence presence,
      Optional<Kind> kind,
      Treatment treatment,
      Left left,
      List<Aspect> aspects,
      Optional<Sha256> content,
      String detail)
      implements LookMessage {
    public static final int ASPECTS_MAX = 64;
  }
}
