/**
 * How a command ends: its exit code, and the one line that says why.
 *
 * <p>Start at {@link io.driftless.cli.outcome.CommandFailure}. Immutable. This package knows
 * nothing of commands, files or agents.
 */
@NullMarked
package io.driftless.cli.outcome;

import org.jspecify.annotations.NullMarked;
