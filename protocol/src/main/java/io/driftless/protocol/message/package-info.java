/**
 * The messages that two agents exchange: one sealed interface, one record each, with their limits.
 *
 * <p>Start at {@link io.driftless.protocol.message.Message}. Records are immutable and may pass
 * between threads; those that carry a {@code ByteBuf} say who releases it. How they become bytes is
 * the business of {@code protocol.wire}, what they cause that of the sessions of the agents.
 */
@NullMarked
package io.driftless.protocol.message;

import org.jspecify.annotations.NullMarked;
