/**
 * Reads entries from the file system as both agents must see them, and sums them up.
 *
 * <p>Start at {@link io.driftless.protocol.listing.MetadataReader}. Source and target compare by
 * digest, so what is read of an entry, which attributes and flags count, and what is hashed is
 * decided here once. Stateless but for {@link io.driftless.protocol.listing.SliceDigest}, which
 * belongs to one thread. This package knows directories and entries; it does not know messages.
 */
@NullMarked
package io.driftless.protocol.listing;

import org.jspecify.annotations.NullMarked;
