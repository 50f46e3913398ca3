/**
 * What an entry is: names as bytes, paths, kinds, metadata, listings and their digests.
 *
 * <p>Start at {@link io.driftless.protocol.tree.Entry}. Everything here is an immutable value that
 * both agents understand alike; nothing here touches a file, a socket or a clock, and all of it may
 * be shared between threads.
 */
@NullMarked
package io.driftless.protocol.tree;

import org.jspecify.annotations.NullMarked;
