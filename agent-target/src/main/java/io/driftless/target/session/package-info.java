/**
 * The target agent as a whole: its volumes, who may write to them, and the conversations about
 * them.
 *
 * <p>Start at {@link io.driftless.target.session.TargetControl}, which is all that the command line
 * sees. Thread-safe. This package knows conversations and volumes; it does not know system calls.
 */
@NullMarked
package io.driftless.target.session;

import org.jspecify.annotations.NullMarked;
