package io.driftless.source.session;

import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.tree.TreePath;

/**
 * What is asked of one pass.
 *
 * @param deletesMax how many deletions are allowed beyond the guards, {@link Long#MAX_VALUE} for
 *     any number; counts only with {@link Deletes#ALLOWED}
 * @param excluded what becomes of what a pattern excludes, on the target
 * @param below only this part of the volume, the root for all of it
 */
public record PassRequest(
    Compare compare,
    Effect effect,
    Deletes deletes,
    long deletesMax,
    Excluded excluded,
    TreePath below) {
  public static final PassRequest PLAIN =
      new PassRequest(
          Compare.METADATA, Effect.APPLY, Deletes.GUARDED, 0, Excluded.PROTECTED, TreePath.ROOT);
}
