package io.driftless.protocol.message;

import io.driftless.protocol.tree.TreePath;
import java.util.List;

/** The link phase of a pass: names of one inode across directories. */
public sealed interface LinkMessage extends Message {
  /**
   * Names that must lead to one inode. A large group comes in several messages with the same first
   * name.
   *
   * @param group number of this message in the pass, counted from 1
   * @param first the name whose content was carried
   * @param others further names
   */
  record LinkGroup(long group, TreePath first, List<TreePath> others) implements LinkMessage {
    public static final int OTHERS_MAX = 256;
  }

  /** From the target: these groups are staged. */
  record LinkGroupsDone(List<Long> groups) implements LinkMessage {
    public static final int GROUPS_MAX = 1024;
  }

  /** From the source, after {@code WalkApplied}: all groups have been sent. */
  record EndOfLinks(long groups) implements LinkMessage {}
}
