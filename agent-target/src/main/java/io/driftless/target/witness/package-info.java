/**
 * What the target remembers of slices: how it was itself, and what of the source it had, when both
 * were last known to be equal.
 *
 * <p>Start at {@link io.driftless.target.witness.WitnessBook}. A {@code SliceNote} is taken while a
 * slice is applied; after the pass {@code Retrospect} reads what the volume really has, and only
 * what it finds there becomes a {@code SliceRecord}. Nothing here changes a volume. This package
 * knows entries; it does not know messages but for problems.
 */
@NullMarked
package io.driftless.target.witness;

import org.jspecify.annotations.NullMarked;
