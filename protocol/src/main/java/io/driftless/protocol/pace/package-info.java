/**
 * How fast bytes may flow.
 *
 * <p>Start at {@link io.driftless.protocol.pace.TokenBucket}. A {@link
 * io.driftless.protocol.pace.DiskPace} has those of an agent for its disk: one of bytes, for
 * whoever reads, and one of entries, for whoever walks; whoever configures the agent changes its
 * rate, at any time. All of it is thread-safe. This package knows bytes and time; it does not know
 * files, sockets or calendars.
 */
@NullMarked
package io.driftless.protocol.pace;

import org.jspecify.annotations.NullMarked;
