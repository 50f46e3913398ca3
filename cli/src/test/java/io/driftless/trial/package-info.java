/**
 * Trials of the whole product: real agents, real file systems, real processes, and judges that know
 * nothing of Driftless.
 *
 * <p>Start at {@link io.driftless.trial.Judge}.
 */
@NullMarked
package io.driftless.trial;

import org.jspecify.annotations.NullMarked;
