/**
 * Hashes of content and of entries: XXH3 behind one class.
 *
 * <p>Start at {@link io.driftless.protocol.hash.SeededHash}. Not cryptographic: the seed, a secret
 * of the volume pair, keeps others from preparing collisions. Stateless and thread-safe.
 */
@NullMarked
package io.driftless.protocol.hash;

import org.jspecify.annotations.NullMarked;
