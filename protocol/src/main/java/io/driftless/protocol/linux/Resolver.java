package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/**
 * Opens what lies below a directory without ever leaving the volume: not through a symbolic link,
 * not into another mount, not upwards.
 *
 * <p>Both methods return a descriptor or a negated errno: ELOOP or ENOTDIR at a symbolic link,
 * EXDEV at a mount point.
 */
sealed interface Resolver permits OneCallResolver, StepwiseResolver {
  /** Opens the directory at a path below another one; {@code flags} for the last component. */
  long openDirectory(Scratch scratch, long directory, TreePath path, int flags);

  /** Opens one entry of a directory; {@code flags} contain O_NOFOLLOW. */
  long openLeaf(Scratch scratch, long directory, Name name, int flags, int mode);
}
