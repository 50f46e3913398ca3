/**
 * Brings what is staged into place, many entries at a time, and makes it durable.
 *
 * <p>Start at {@link io.driftless.target.commit.Epochs}: whoever stages enters the open epoch and
 * leaves it again; one {@link io.driftless.target.commit.Committer} thread closes epochs and
 * commits them one after the other. This package knows the stage and the volume; it does not know
 * messages.
 */
@NullMarked
package io.driftless.target.commit;

import org.jspecify.annotations.NullMarked;
