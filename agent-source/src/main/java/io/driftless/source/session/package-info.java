/**
 * The source agent as a whole: its volumes, its connections to targets, its passes.
 *
 * <p>Start at {@link io.driftless.source.session.SourceControl}, which is all that the command line
 * sees. Thread-safe. This package knows conversations and passes; it does not know system calls.
 */
@NullMarked
package io.driftless.source.session;

import org.jspecify.annotations.NullMarked;
