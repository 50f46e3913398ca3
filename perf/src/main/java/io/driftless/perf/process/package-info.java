/**
 * Programs that a benchmark starts, and what they use.
 *
 * <p>{@link Command} runs to its end, {@link Service} stays; {@link Meter} watches both with all of
 * their children. Knows nothing of what is being measured.
 */
@NullMarked
package io.driftless.perf.process;

import org.jspecify.annotations.NullMarked;
