/**
 * Checks that refuse to go on where an agent could do harm, before there is an agent.
 *
 * <p>Start at {@link io.driftless.cli.guard.TargetRoot}. This package knows paths and mounts of
 * this host; it does not know volumes in use.
 */
@NullMarked
package io.driftless.cli.guard;

import org.jspecify.annotations.NullMarked;
