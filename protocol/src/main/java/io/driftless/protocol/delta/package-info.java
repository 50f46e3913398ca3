/**
 * How a file comes from an older version of itself: signatures, the search for matches, patches.
 *
 * <p>Pure: no files, no sockets, no threads; bytes come as views of memory that stays the caller's.
 * A file goes segment by segment, each by its own exchange, in any order and on any lane:
 *
 * <pre>
 *   target                                       source
 *   BasisSegment  -- Compare: blocks -->         NewSegment
 *                 &lt;-- Refine: leaves, window --   (only where something differs)
 *                 -- Refined: signatures -->
 *   Patch         &lt;-- Delta, literals --
 * </pre>
 *
 * <p>Start at {@link io.driftless.protocol.delta.BasisSegment} and {@link
 * io.driftless.protocol.delta.NewSegment}. What one segment taught about the next is kept in {@link
 * io.driftless.protocol.delta.Alignment} on the target (content is expected as far off as it was
 * found last) and in {@link io.driftless.protocol.delta.Pursuit} on the source (whether a search is
 * worth it, and how far it reaches). Nothing here is safe for concurrent use; nothing static
 * changes.
 *
 * <p>A delta is checked by its digest, never trusted because hashes were equal; what a peer says is
 * checked before it is followed. {@link io.driftless.protocol.delta.DeltaException} tells a peer
 * that broke a rule from a segment that has to be transferred whole.
 */
@NullMarked
package io.driftless.protocol.delta;

import org.jspecify.annotations.NullMarked;
