/**
 * Compares whole programs: the same data set is carried by Driftless and by others, in turns, on
 * one machine.
 *
 * <p>Start at {@link Bench}; a {@link Trial} is one scenario. Everything happens on the main
 * thread, so that the services that it starts end with it.
 */
@NullMarked
package io.driftless.perf;

import org.jspecify.annotations.NullMarked;
