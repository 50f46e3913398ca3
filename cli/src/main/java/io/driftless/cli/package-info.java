/**
 * The program and its composition: the only place that knows every part.
 *
 * <p>Start at {@link io.driftless.cli.Main}; {@link io.driftless.cli.Composition} says which agents
 * the commands start.
 */
@NullMarked
package io.driftless.cli;

import org.jspecify.annotations.NullMarked;
