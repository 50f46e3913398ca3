/**
 * How fast bytes may flow.
 *
 * <p>Start at {@link io.driftless.protocol.pace.TokenBucket}. An agent has one for its disk and
 * hands it to whoever reads; whoever configures the agent changes its rate, at any time. All of it
 * is thread-safe. This package knows bytes and time; it does not know files, sockets or calendars.
 */
@NullMarked
package io.driftless.protocol.pace;

import org.jspecify.annotations.NullMarked;
