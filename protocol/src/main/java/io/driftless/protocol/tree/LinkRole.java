package io.driftless.protocol.tree;

/** The part that a name of anything but a directory plays in its link group during one pass. */
public enum LinkRole {
  /** The only name of its inode. */
  ONLY,
  /** The name by which the pass met the inode first: its content travels with this one. */
  FIRST,
  /** A further name: it is linked to the first in the link phase and has no content of its own. */
  LATER
}
