/**
 * The commands: arguments into calls, outcomes into exit codes, JSON and lines for people.
 *
 * <p>Start at {@link io.driftless.cli.Main}.
 */
@NullMarked
package io.driftless.cli;

import org.jspecify.annotations.NullMarked;
