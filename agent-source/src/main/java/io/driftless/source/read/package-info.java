/**
 * Reads entries and content out of a volume, without moving access times and without ever leaving
 * it.
 *
 * <p>Start at {@link io.driftless.source.read.EntryReader} for metadata, at {@link
 * io.driftless.source.read.SmallFileReader} and {@link io.driftless.source.read.SegmentReader} for
 * content. What changes while it is read is told from what held still by its version. Readers may
 * be shared by threads; the buffers they fill may not. This package knows descriptors and records;
 * it knows neither slices nor conversations.
 */
@NullMarked
package io.driftless.source.read;

import org.jspecify.annotations.NullMarked;
