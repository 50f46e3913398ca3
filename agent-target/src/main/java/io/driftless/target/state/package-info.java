/**
 * What the target agent remembers about its volumes: generation, state, who brings them, what is
 * poisoned.
 *
 * <p>Start at {@link io.driftless.target.state.VolumeLedger}. Thread-safe. Losing it costs a full
 * comparison, never data.
 */
@NullMarked
package io.driftless.target.state;

import org.jspecify.annotations.NullMarked;
