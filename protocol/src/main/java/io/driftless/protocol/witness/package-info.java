/**
 * Witnesses: what tells an agent that a slice is as it was, without reading more than the status of
 * its entries.
 *
 * <p>Start at {@link io.driftless.protocol.witness.WitnessSum}, which sums up what a status can
 * tell, and {@link io.driftless.protocol.witness.WitnessStore}, where an agent keeps what it found
 * out about slices with such a sum. What is stored is always of the form "while the witness is
 * this, that holds": an old record is as true as a new one, and losing them costs reading, never
 * data. A store is thread-safe, a sum belongs to one thread.
 */
@NullMarked
package io.driftless.protocol.witness;

import org.jspecify.annotations.NullMarked;
