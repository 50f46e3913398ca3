/**
 * Messages to bytes and back, and the lanes that carry them: frames, encoding, compression,
 * sessions.
 *
 * <p>Start at {@link io.driftless.protocol.wire.Session}. Everything is decoded on Netty's event
 * loops and handed to listeners, which must not block there; sending content blocks the caller,
 * never a loop, until there is room. The format is described in {@code protocol/README.md}. This
 * package knows messages and connections; it does not know files or volumes.
 */
@NullMarked
package io.driftless.protocol.wire;

import org.jspecify.annotations.NullMarked;
