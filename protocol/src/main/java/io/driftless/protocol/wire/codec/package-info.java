/**
 * Messages as bytes, and back.
 *
 * <p>Start at {@link io.driftless.protocol.wire.codec.MessageCodec}; {@link
 * io.driftless.protocol.wire.codec.MessageType} is the one place that knows codes and limits. Each
 * family of messages has a codec of its own, in which encoding stands beside decoding. Stateless
 * and thread-safe. This package knows no connections; a decoder answers with a message or throws
 * {@code CorruptedFrameException}, whatever it is given, and allocates no more than it was given.
 */
@NullMarked
package io.driftless.protocol.wire.codec;

import org.jspecify.annotations.NullMarked;
